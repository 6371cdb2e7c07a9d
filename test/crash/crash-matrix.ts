/**
 * Kills agents at every call of a run's life, on local AWS, and says what did not come right.
 *
 *   npm run crash-matrix                    the cells of every day
 *   npm run crash-matrix -- --all           all scenarios
 *   npm run crash-matrix -- --only plain-3  cells whose id begins so
 */
import { parseArgs } from 'node:util';
import { useLocalCredentials } from '../../bench/env.ts';
import { allCells, everyDayCells } from './cells.ts';

useLocalCredentials();
const { runCells } = await import('./run-cells.ts');
const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    lanes: { type: 'string', default: '4' },
    verbose: { type: 'boolean', default: false },
  },
});
const { only } = values;
const cells =
  only === undefined ? (values.all ? allCells() : everyDayCells()) : allCells().filter(({ id }) => id.startsWith(only));
const began = performance.now();
const { outcomes, violations, witnessed } = await runCells(cells, {
  lanes: Number(values.lanes),
  onOutcome: ({ cell, wrong, tookMs }) => {
    if (wrong !== undefined || values.verbose) {
      const { id, call, moment, agents } = cell;
      process.stdout.write(`${id}: "${call}", ${moment}, agents ${agents}: ${wrong ?? 'as it must'} (${tookMs} ms)\n`);
    }
  },
});
for (const { invariant, code, subject, message } of violations) {
  process.stdout.write(`${invariant} ${code}: ${subject}: ${message}\n`);
}
const failed = outcomes.filter(({ wrong }) => wrong !== undefined).length;
const seconds = Math.round((performance.now() - began) / 1000);
const { runs, tasks, begins, launches } = witnessed;
process.stdout.write(`${runs} runs, ${launches} launches, ${tasks} tasks, user code begun ${begins} times\n`);
process.stdout.write(
  `crash matrix: ${outcomes.length} cells, ${failed} wrong, ${violations.length} violations, ${seconds} s\n`,
);
process.exitCode = failed + violations.length > 0 || outcomes.length === 0 ? 1 : 0;
