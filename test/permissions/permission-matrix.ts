/**
 * The demo without each permission of the printed policies in turn, in local AWS that denies: whether the first line of
 * trouble names the action and the resource, and what to add. Before that, the demo with all of them and no denial.
 *
 *   node --import tsx test/permissions/permission-matrix.ts [--only <text>]
 */
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { useLocalCredentials } from '../../demo/env.ts';
import type { CellOutcome } from './run-cell.ts';

useLocalCredentials();
const { runCell } = await import('./run-cell.ts');
const { nameOf, NOT_TOLD, permissionsOf } = await import('./permission-cells.ts');
const { sufficiency } = await import('./sufficiency.ts');

const AT_ONCE = 2;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const began = performance.now();
const whole = await sufficiency();
for (const fault of whole.faults) say(`✘ with all permissions: ${fault}`);
if (whole.faults.length === 0) say(`✔ with all permissions nothing is denied, and none is idle`);

const all = permissionsOf(whole.policies).filter((one) => nameOf(one).includes(values.only));
const limit = pLimit(AT_ONCE);
const outcomes = await Promise.all(
  all
    .filter((one) => !Object.hasOwn(NOT_TOLD, nameOf(one)))
    .map((one) => limit(() => runCell(one, { withSchedule: true }).then(tell))),
);
for (const [name, why] of Object.entries(NOT_TOLD)) if (name.includes(values.only)) say(`- ${name}: ${why}`);

const wrong = outcomes.filter(({ faults }) => faults.length > 0).length + whole.faults.length;
say(`${outcomes.length} permissions taken away, ${wrong} wrong, ${Math.round((performance.now() - began) / 1000)} s`);
process.exitCode = wrong === 0 ? 0 : 1;

function tell(outcome: CellOutcome): CellOutcome {
  const { name, faults, told, ms } = outcome;
  for (const fault of faults) say(`✘ ${name}: ${fault}`);
  if (faults.length === 0)
    say(`✔ ${name}  (${told?.where}, ${(ms / 1000).toFixed(1)} s)\n    ${told?.words}\n    ${told?.fix}`);
  return outcome;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
