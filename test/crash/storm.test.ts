import { expect, it } from 'vitest';
import { storm } from './storm.ts';

/** The rates of `npm run storm`, for as long as a test may take: an agent dies every second and a half, six times. */
it('four agents lose nothing and do nothing twice in a storm of duplicates, faults and kills', {
  timeout: 180_000,
}, async () => {
  const [outcome] = await storm({
    runs: 150,
    agents: 4,
    killEveryMs: 1_500,
    maxKills: 6,
    duplicatesPercent: 10,
    faultsPercent: 5,
    seed: 1,
    waveSize: 150,
    patienceMs: 150_000,
  });
  expect(outcome).toMatchObject({ lost: 0, doubled: 0, leaked: 0, stuck: 0, violations: [] });
  expect(outcome?.kills).toBeGreaterThan(0);
  expect(outcome?.faults).toBeGreaterThan(0);
});
