import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { retryDelayMs } from '../../src/core/decide-retry.ts';
import type { TaskObservation } from '../../src/core/observation.ts';
import { canMove, type Intent, RUN_STATUSES, rankOf, type StartingRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { runFacts } from '../fakes/runs.ts';

const NOW = 1_800_000_000_000;
const intent: Intent = {
  request: { cluster: 'main', clientToken: 't', startedBy: 'slipway/run-1/1', taskDefinition: 'etl:7' },
  container: 'flow',
  worker: false,
  policy: { ...DEFAULT_POLICY, runTimeoutMs: 60_000 },
  createdAt: NOW,
};
const starting: StartingRun = { ...runFacts(), status: 'STARTING', intent, task: { taskArn: 'a', launchedAt: NOW } };

function active(lastStatus: string, version = 1): TaskObservation {
  return { kind: 'active', task: { taskArn: 'a', lastStatus, version, containers: [{ name: 'flow' }] } };
}

describe('what an observation means', () => {
  it('makes a plain container RUNNING when ECS says so', () => {
    expect(decide(starting, active('RUNNING'), NOW)).toMatchObject({ kind: 'note', runningSince: NOW });
  });

  it('does not make a worker flow RUNNING: the worker says that itself', () => {
    const worker = { ...starting, intent: { ...intent, worker: true } };
    expect(decide(worker, active('RUNNING'), NOW)).not.toHaveProperty('runningSince');
  });

  it('is worth no write while the task is merely on its way', () => {
    expect(decide(starting, active('PENDING', 2), NOW + 1_000)).toEqual({ kind: 'keep' });
    expect(decide(starting, active('ACTIVATING', 3), NOW + 2_000)).toEqual({ kind: 'keep' });
  });

  it('is kept now and then as a sighting, from which a loss would be judged', () => {
    const running = {
      ...starting,
      status: 'RUNNING',
      startedAt: NOW,
      intent: { ...intent, policy: DEFAULT_POLICY },
    } as const;
    const later = NOW + 11 * 60_000;
    expect(decide(running, active('RUNNING'), later)).toMatchObject({ kind: 'note', task: { lastSeenAt: later } });
  });

  it('stops a task that has not begun within the start timeout, and lets the attempt be repeated', () => {
    const late = NOW + DEFAULT_POLICY.startTimeoutMs + 1;
    expect(decide(starting, active('PENDING'), late)).toMatchObject({
      kind: 'stop',
      verdict: { status: 'CRASHED', reason: { code: 'START_TIMEOUT' }, retry: 'infrastructure' },
    });
  });

  it('stops a task that runs longer than its flow allows', () => {
    const running = { ...starting, status: 'RUNNING', startedAt: NOW } as const;
    expect(decide(running, active('RUNNING'), NOW + 60_001)).toMatchObject({
      kind: 'stop',
      verdict: { status: 'FAILED' },
    });
  });

  it('keeps the verdict for which the task was stopped, whatever the exit code', () => {
    const stopping: Verdict = {
      status: 'CRASHED',
      reason: { code: 'START_TIMEOUT', message: 'late' },
      retry: 'infrastructure',
    };
    const task = {
      taskArn: 'a',
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      containers: [{ name: 'flow', exitCode: 137 }],
    };
    expect(decide({ ...starting, stopping }, { kind: 'stopped', task }, NOW)).toMatchObject({ verdict: stopping });
  });

  it('stops the task of a cancelled run', () => {
    const cancelled = { ...starting, cancel: { by: 'ann', reason: 'wrong date', at: NOW } };
    expect(decide(cancelled, active('RUNNING'), NOW)).toMatchObject({ kind: 'stop', verdict: { status: 'CANCELLED' } });
  });
});

describe('a worker that ends without a word', () => {
  const worker = { ...starting, intent: { ...intent, worker: true } };
  function ended(exitCode: number): TaskObservation {
    const containers = [{ name: 'flow', exitCode }];
    return {
      kind: 'stopped',
      task: { taskArn: 'a', lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers },
    };
  }

  it.each([0, 75, 78])('with %i before it has claimed the attempt has run nothing: it is tried again', (exitCode) => {
    expect(decide(worker, ended(exitCode), NOW)).toMatchObject({
      kind: 'settle',
      verdict: { status: 'CRASHED', reason: { code: 'NO_FINAL_RECORD' }, retry: 'infrastructure' },
    });
  });

  it('after it has claimed the attempt leaves the retry to its flow', () => {
    const running = { ...worker, status: 'RUNNING', startedAt: NOW, claim: { taskArn: 'a', at: NOW } } as const;
    expect(decide(running, ended(1), NOW)).toMatchObject({
      verdict: { status: 'CRASHED', reason: { code: 'NO_FINAL_RECORD' }, retry: 'flow' },
    });
  });
});

describe('another attempt', () => {
  const ENDED = { reason: { code: 'HOST_LOST', message: '' } } as const;
  const crash: Verdict = { status: 'CRASHED', reason: { code: 'HOST_LOST', message: '' }, retry: 'infrastructure' };
  const failure: Verdict = { status: 'FAILED', reason: { code: 'EXIT_CODE', message: '' }, retry: 'flow', exitCode: 1 };

  it('is made for the world three times, later each time, and then no more', () => {
    const delays = [0, 1, 2, 3].map((used) =>
      retryDelayMs(
        crash,
        Array.from({ length: used }, () => ({ ...ENDED, retriedAs: 'CRASHED' as const })),
        DEFAULT_POLICY,
        1,
      ),
    );
    expect(delays).toEqual([30_000, 60_000, 120_000, undefined]);
  });

  it("draws on the flow's own budget for the flow's own failures", () => {
    const retries = { ...DEFAULT_POLICY.retries, FAILED: { max: 1, delayMs: 10, backoff: 1, maxDelayMs: 10 } };
    const policy = { ...DEFAULT_POLICY, retries };
    expect(
      retryDelayMs(
        failure,
        [
          { ...ENDED, retriedAs: 'CRASHED' },
          { ...ENDED, retriedAs: 'CRASHED' },
        ],
        policy,
        0.5,
      ),
    ).toBe(5);
    expect(retryDelayMs(failure, [{ ...ENDED, retriedAs: 'FAILED' }], policy, 0)).toBeUndefined();
    expect(retryDelayMs(failure, [], DEFAULT_POLICY, 0)).toBeUndefined();
  });

  it('is made only for the exit codes that the flow names', () => {
    const rule = { max: 1, delayMs: 10, backoff: 1, maxDelayMs: 10, onExitCode: [75] };
    const policy = { ...DEFAULT_POLICY, retries: { ...DEFAULT_POLICY.retries, FAILED: rule } };
    expect(retryDelayMs(failure, [], policy, 0)).toBeUndefined();
    expect(retryDelayMs({ ...failure, exitCode: 75 }, [], policy, 0.5)).toBe(5);
  });
});

describe('the table of moves', () => {
  it('never lowers the rank within an attempt, but for the way back to the queue', () => {
    for (const from of RUN_STATUSES) {
      for (const to of RUN_STATUSES) {
        if (canMove(from, to) && to !== 'QUEUED')
          expect(rankOf(to), `${from} → ${to}`).toBeGreaterThanOrEqual(rankOf(from));
      }
    }
  });

  it('lets nothing follow an end', () => {
    for (const end of ['SUCCEEDED', 'FAILED', 'CRASHED', 'CANCELLED', 'EXPIRED'] as const) {
      expect(RUN_STATUSES.filter((to) => canMove(end, to))).toEqual([]);
    }
  });
});
