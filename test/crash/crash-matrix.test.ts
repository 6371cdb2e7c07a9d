import { describe, expect, it } from 'vitest';
import { allCells, everyDayCells } from './cells.ts';
import { CRASH_CALLS } from './crash-calls.ts';
import { runCells } from './run-cells.ts';

/** One death at each moment, at the calls after which most is at stake. The others: `npm run crash-matrix`. */
const SAMPLE: ReadonlySet<string> = new Set([
  'plain-3-before-1',
  'plain-8-executed-1',
  'plain-9-before-2',
  'plain-9-sent-1',
  'plain-9-executed-1',
  'plain-9-answered-2',
  'plain-10-answered-1',
  'worker-9-executed-1',
  'told-3-executed-1',
]);

describe('the crash matrix', () => {
  it('has a death at every moment of every call, enough of them for every day and for a release', () => {
    const met = new Set(allCells().map(({ call }) => call));
    expect(Object.keys(CRASH_CALLS).filter((call) => !met.has(call as keyof typeof CRASH_CALLS))).toEqual([]);
    expect(everyDayCells().length).toBeGreaterThanOrEqual(120);
    expect(allCells().length).toBeGreaterThanOrEqual(400);
    expect(new Set(allCells().map(({ id }) => id)).size).toBe(allCells().length);
  });

  it('comes to rest as if nobody had died, with every invariant true', { timeout: 180_000 }, async () => {
    const cells = allCells().filter(({ id }) => SAMPLE.has(id));
    expect(cells).toHaveLength(SAMPLE.size);
    const { outcomes, violations, witnessed } = await runCells(cells, { lanes: 2 });
    expect(outcomes.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    expect(violations).toEqual([]);
    const { runs, tasks, begins, launches } = witnessed;
    expect({ runs, tasks, begins }).toEqual({ runs: SAMPLE.size, tasks: SAMPLE.size, begins: SAMPLE.size });
    // Launches were repeated under their tokens, or nothing of this was put to the test.
    expect(launches).toBeGreaterThan(SAMPLE.size);
  });
});
