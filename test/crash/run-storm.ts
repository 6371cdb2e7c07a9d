/**
 * Four agents on one queue, in a storm: duplicates, faults, kills.
 *
 *   npm run storm -- --runs 5000
 *   npm run storm -- --runs 100000 --seed 7
 */
import { parseArgs } from 'node:util';
import { useLocalCredentials } from '../../bench/env.ts';

useLocalCredentials();
const { storm } = await import('./storm.ts');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5000' },
    agents: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    wave: { type: 'string', default: '5000' },
  },
});
const outcomes = await storm({
  runs: Number(values.runs),
  agents: Number(values.agents),
  seed: Number(values.seed),
  waveSize: Number(values.wave),
  killEveryMs: 10_000,
  duplicatesPercent: 10,
  faultsPercent: 5,
  patienceMs: 15 * 60_000,
  onWave: ({ runs, lost, doubled, leaked, stuck, violations, kills, faults, tookMs }) => {
    for (const { invariant, code, subject, message } of violations.slice(0, 20)) {
      process.stdout.write(`${invariant} ${code}: ${subject}: ${message}\n`);
    }
    const damage = `lost ${lost}, doubled ${doubled}, leaked ${leaked}, stuck ${stuck}, violations ${violations.length}`;
    process.stdout.write(
      `${runs} runs in ${Math.round(tookMs / 1000)} s: ${damage}; ${kills} kills, ${faults} faults\n`,
    );
  },
});
const damaged = outcomes.some(
  ({ lost, doubled, leaked, stuck, violations }) => lost + doubled + leaked + stuck + violations.length > 0,
);
process.stdout.write(
  `storm: ${outcomes.reduce((sum, { runs }) => sum + runs, 0)} runs, ${damaged ? 'damage' : 'no damage'}\n`,
);
process.exitCode = damaged || outcomes.length === 0 ? 1 : 0;
