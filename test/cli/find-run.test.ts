import { describe, expect, it } from 'vitest';
import { findRun } from '../../src/cli/find-run.ts';
import type { FinishedRun } from '../../src/core/run.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { queuedRun, runFacts, runRequest } from '../fakes/runs.ts';

const NOW = 1_800_000_000_000;

function finished(over: Partial<FinishedRun>): FinishedRun {
  const reason = { code: 'SUCCEEDED', message: 'fine' } as const;
  return { ...runFacts(), status: 'SUCCEEDED', finishedAt: NOW, reason, ...over };
}

async function storeOfFour(): Promise<MemoryRunStore> {
  const store = new MemoryRunStore();
  const etl = runRequest({ flow: 'etl' });
  await store.accept(finished({ runId: 'aaaaaaaaaaaaaaaaaaaa7qk3xm', requestedAt: NOW - 4_000 }));
  await store.accept(
    finished({ runId: 'bbbbbbbbbbbbbbbbbbbb7qk3xn', requestedAt: NOW - 3_000, status: 'CRASHED', request: etl }),
  );
  await store.accept(
    finished({
      runId: 'order-17',
      requestedAt: NOW - 2_000,
      task: { taskArn: 'arn:aws:ecs:eu-west-1:1:task/c/0c1f9a', launchedAt: NOW },
    }),
  );
  await store.accept(queuedRun({ runId: 'cccccccccccccccccccc5xk3xm', requestedAt: NOW - 1_000, request: etl }));
  return store;
}

describe('which run is meant', () => {
  it.each([
    ['order-17', 'order-17'],
    ['7QK3XM', 'aaaaaaaaaaaaaaaaaaaa7qk3xm'],
    ['r-17', 'order-17'],
    ['0c1f9a', 'order-17'],
    ['arn:aws:ecs:eu-west-1:1:task/c/0c1f9a', 'order-17'],
    ['@last', 'cccccccccccccccccccc5xk3xm'],
    ['hello@last', 'order-17'],
    ['@last-failed', 'bbbbbbbbbbbbbbbbbbbb7qk3xn'],
    ['etl@last-failed', 'bbbbbbbbbbbbbbbbbbbb7qk3xn'],
  ])('%s', async (ref, runId) => {
    expect((await findRun(await storeOfFour(), ref, NOW)).runId).toBe(runId);
  });

  it('asks for more of an id that several runs end with', async () => {
    await expect(findRun(await storeOfFour(), 'k3xm', NOW)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('7QK3XM hello'),
    });
  });

  it('asks for at least four characters', async () => {
    await expect(findRun(await storeOfFour(), 'xm', NOW)).rejects.toMatchObject({ exitCode: 2 });
  });

  it.each(['nosuchrun', 'hello@last-failed', 'other@last'])('does not find %s', async (ref) => {
    await expect(findRun(await storeOfFour(), ref, NOW)).rejects.toMatchObject({ exitCode: 5 });
  });

  it('looks beyond the first page', async () => {
    const store = new MemoryRunStore();
    await store.accept(finished({ runId: 'the-oldest', requestedAt: NOW - 500_000 }));
    for (let i = 0; i < 250; i += 1) await store.accept(queuedRun({ runId: `run-${i}`, requestedAt: NOW - i }));
    expect((await findRun(store, '-oldest', NOW)).runId).toBe('the-oldest');
  });
});
