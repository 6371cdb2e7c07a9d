import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromItem, toItem } from '../../src/aws/run-item.ts';
import { claimStart, recordResult } from '../../src/core/claim-start.ts';
import { ok } from '../../src/core/result.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { observeRuns } from '../../src/runs/observe-runs.ts';
import { recoverLaunch } from '../../src/runs/recover-launch.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { memoryDeps, planOf, stop } from '../runs/deps.ts';

type Extra = Readonly<Record<string, unknown>>;

/** JSON knows no -0. */
const values = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
/** Fields of a version that is not written yet. */
const extras = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), values, { minKeys: 1, maxKeys: 3 });

/** The run as a later version may have written it: with more in each of the objects that a run keeps. */
function withExtras(run: FlowRun, extra: Extra): FlowRun {
  const more = <T extends object>(value: T | undefined) => (value === undefined ? {} : { ...value, ...extra });
  const copy: FlowRun = JSON.parse(JSON.stringify(run));
  const kept = {
    ...extra,
    request: { ...more(copy.request), trigger: more(copy.request.trigger) },
    history: copy.history.map((entry) => more(entry)),
    attempts: copy.attempts.map((ended) => more(ended)),
    ...('intent' in copy && copy.intent ? { intent: { ...more(copy.intent), policy: more(copy.intent.policy) } } : {}),
    ...('task' in copy && copy.task ? { task: more(copy.task) } : {}),
    ...(copy.cancel ? { cancel: more(copy.cancel) } : {}),
  };
  return JSON.parse(JSON.stringify({ ...copy, ...kept }));
}

/** What has to be there still: `before` without the fields that the move may change or take away. */
function expectKept(after: FlowRun | undefined, before: FlowRun, extra: Extra): void {
  if (after === undefined) throw new Error('the run did not move');
  const read = fromItem({ ...toItem(after, 'nonce') });
  expect(read).toMatchObject({ ...extra });
  expect(read.request).toEqual(before.request);
  expect(read.history.slice(0, before.history.length)).toEqual(before.history);
  expect(read.attempts.slice(0, before.attempts.length)).toEqual(before.attempts);
  if ('intent' in read && read.intent && 'intent' in before) expect(read.intent).toEqual(before.intent);
  if ('task' in read && read.task && 'task' in before && before.task) expect(read.task).toMatchObject({ ...extra });
  if (before.cancel) expect(read.cancel).toEqual(before.cancel);
}

/** Takes a run through its life; before each move the record gets fields that nobody here knows. */
class Life {
  readonly #extra: Extra;
  readonly #world = memoryDeps(POLICY);

  constructor(extra: Extra) {
    this.#extra = extra;
    this.#world.deps = {
      ...this.#world.deps,
      planner: async (run) => ok({ plan: planOf(run, { worker: true }), policy: POLICY }),
    };
  }

  get world() {
    return this.#world;
  }

  async move(act: (run: FlowRun) => Promise<unknown>): Promise<FlowRun> {
    const { store } = this.#world;
    const before = withExtras(store.peek('run-1') ?? queuedRun({ request: runRequest() }), this.#extra);
    store.seed(before);
    await act(before);
    const after = store.peek('run-1');
    expect(after?.version).toBeGreaterThan(before.version);
    expectKept(after, before, this.#extra);
    if (after === undefined) throw new Error('the run is gone');
    return after;
  }
}

const POLICY = {
  ...DEFAULT_POLICY,
  retries: { ...DEFAULT_POLICY.retries, FAILED: { max: 1, delayMs: 0, backoff: 1, maxDelayMs: 0 } },
};

describe('fields that this version does not know', () => {
  it('stay on the record through every move of a run', async () => {
    await fc.assert(
      fc.asyncProperty(extras, fc.boolean(), async (extra, isCancelled) => {
        const life = new Life(extra);
        const { store, host, deps, clock } = life.world;
        host.nextOutcomes.push('lost-response');
        await life.move(async (run) => run.status === 'QUEUED' && launchRun(deps, run, stop));
        clock.advance(60_000);
        const started = await life.move(async (run) => run.status === 'LAUNCHING' && recoverLaunch(deps, run, stop));
        const taskArn = 'task' in started ? (started.task?.taskArn ?? '') : '';
        await life.move(async (run) => {
          const claimed = claimStart(run, { attempt: 1, taskArn, now: clock.now() });
          if (claimed.ok) await store.move(run, claimed.value);
        });
        if (isCancelled) {
          await life.move(() => cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'why not', now: clock.now() }));
        }
        await life.move(async (run) => {
          const ended = recordResult(run, taskArn, { status: 'FAILED', exitCode: 3, at: clock.now() });
          if (ended) await store.move(run, ended);
        });
        host.end(taskArn, 3);
        const settled = await life.move(
          async (run) => run.status === 'RUNNING' && observeRuns(deps, [run], () => {}, stop),
        );
        expect(settled.status).toBe(isCancelled ? 'CANCELLED' : 'QUEUED');
      }),
      { numRuns: 60 },
    );
  });

  it('stay where the queue is left without a task', async () => {
    await fc.assert(
      fc.asyncProperty(extras, async (extra) => {
        const life = new Life(extra);
        await life.move(() => cancelRun(life.world.store, { runId: 'run-1', by: 'ann', reason: '-', now: 5 }));
      }),
      { numRuns: 30 },
    );
  });
});
