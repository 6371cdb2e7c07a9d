import { expect, it } from 'vitest';
import type { FinishedRun } from '../../src/core/run.ts';
import { driveBackfill } from '../../src/runs/drive-backfill.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { queuedRun } from '../fakes/runs.ts';

const planned = Array.from({ length: 7 }, (_, index) => queuedRun({ runId: `tick-${index}` }));

/** A store whose runs end at every pause; the most that were under way at once. */
function drive(runs: MemoryRunStore, stop = createStop(), stopAfter = Number.POSITIVE_INFINITY) {
  const seen = { atOnce: 0, ended: [] as string[], pauses: 0 };
  const pause = async (): Promise<void> => {
    const open = planned.filter(({ runId }) => runs.peek(runId)?.status === 'QUEUED');
    seen.atOnce = Math.max(seen.atOnce, open.length);
    for (const { runId } of open.slice(0, 2)) runs.seed(finished(runId));
    seen.pauses += 1;
    if (seen.pauses >= stopAfter) stop.abort();
  };
  const onEnded = ({ runId }: FinishedRun): number => seen.ended.push(runId);
  const done = driveBackfill({ runs, planned, maxParallel: 3, pause, stop: stop.signal, onEnded });
  return { done, seen };
}

function finished(runId: string): FinishedRun {
  const reason = { code: 'SUCCEEDED', message: '' } as const;
  const { notBefore: _, placement: __, ...facts } = queuedRun({ runId });
  return { ...facts, version: 2, status: 'SUCCEEDED', finishedAt: 1, reason };
}

it('a backfill keeps so many runs under way, and ends with the last one', async () => {
  const { done, seen } = drive(new MemoryRunStore());
  expect(await done).toBe(true);
  expect(seen.atOnce).toBe(3);
  expect(seen.ended).toEqual(planned.map(({ runId }) => runId));
});

it('a backfill that was stopped goes on where it was, and makes no run twice', async () => {
  const runs = new MemoryRunStore();
  expect(await drive(runs, createStop(), 2).done).toBe(false);
  expect(runs.peek('tick-6')).toBeUndefined();
  const second = drive(runs);
  expect(await second.done).toBe(true);
  expect(second.seen.ended).toHaveLength(7);
});
