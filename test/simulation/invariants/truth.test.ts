import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../../src/core/failure-codes.ts';
import type { RunPolicy } from '../../../src/core/run-policy.ts';
import { BEGINNING } from '../event-queue.ts';
import type { Happening } from '../history.ts';
import {
  begins,
  ends,
  exits,
  factsFrom,
  finished,
  intentOf,
  made,
  put,
  queued,
  running,
  sent,
  stopped,
  taskArn,
} from './story-of.ts';
import { trueFailure } from './true-failure.ts';
import { trueSuccess } from './true-success.ts';

describe('I6: success is true', () => {
  const succeeded = put(finished('SUCCEEDED', { task: { taskArn: taskArn(1), launchedAt: BEGINNING } }));

  it('holds for user code that ended well in a container that exited with 0', () => {
    expect(trueSuccess(factsFrom([made(1), begins(1), ends(1), exits(1, 0), succeeded]))).toEqual([]);
  });

  it.each<[string, Happening[]]>([
    ['a run without a task', []],
    ['user code that never began', [made(1), exits(1, 0)]],
    ['user code that ended badly', [made(1), begins(1), ends(1, false), exits(1, 0)]],
    ['a container that exited otherwise', [made(1), begins(1), ends(1), exits(1, 137)]],
    ['another task that did well', [made(2), begins(2), ends(2), exits(2, 0)]],
  ])('notices %s', (_what, story) => {
    expect(trueSuccess(factsFrom([...story, succeeded]))).toHaveLength(1);
  });
});

/** A run whose only attempt ended for this reason in task 1. */
function failed(code: FailureCode, exitCode?: number, limits: Partial<RunPolicy> = {}): Happening {
  const reason = { code, message: '' };
  const ending = { attempt: 1, status: 'CRASHED', finishedAt: BEGINNING + 600_000, reason } as const;
  const attempts = [{ ...ending, taskArn: taskArn(1), ...(exitCode === undefined ? {} : { exitCode }) }];
  const { policy, ...intent } = intentOf('token');
  return put(finished('CRASHED', { reason, attempts, intent: { ...intent, policy: { ...policy, ...limits } } }));
}

const stopBy = (by: string) => ({ kind: 'stop-asked', taskArn: taskArn(1), reason: '', by }) as const;
const lost = stopped(1);

describe('I7: failure is true', () => {
  it.each<[FailureCode, number | undefined, Happening[]]>([
    ['EXIT_CODE', 2, [made(1), begins(1), ends(1, false), exits(1, 2)]],
    ['FLOW_FAILED', 2, [made(1), begins(1), ends(1, false), exits(1, 2)]],
    ['KILLED', 137, [made(1), begins(1), exits(1, 137)]],
    ['SPOT_INTERRUPTION', undefined, [made(1), stopped(1, { stopCode: 'SpotInterruption' })]],
    ['TASK_NOT_STARTED', undefined, [made(1), stopped(1, { stopCode: 'TaskFailedToStart' })]],
    ['STOPPED_BY_OTHERS', undefined, [made(1), stopBy('somebody'), stopped(1, { reason: 'stopped by hand' })]],
    ['NO_FINAL_RECORD', 0, [made(1), put(running(1)), exits(1, 0)]],
    ['START_TIMEOUT', undefined, [made(1), { ...stopBy('agent-1'), atMin: 16 } as Happening]],
    ['TASK_LOST', undefined, [made(1), lost]],
    ['NOT_LAUNCHED', undefined, []],
  ])('holds for %s with its cause', (code, exitCode, story) => {
    expect(trueFailure(factsFrom([...story, failed(code, exitCode)]))).toEqual([]);
  });

  it.each<[FailureCode, number | undefined, string, Happening[]]>([
    ['EXIT_CODE', 2, 'another exit code', [made(1), exits(1, 3)]],
    ['EXIT_CODE', 75, 'a worker that could not reach the store', [made(1), exits(1, 75)]],
    ['FLOW_FAILED', 1, 'user code that ended well', [made(1), begins(1), ends(1), exits(1, 1)]],
    ['KILLED', 137, 'our own stop', [made(1), stopBy('agent-1'), exits(1, 137)]],
    ['SPOT_INTERRUPTION', undefined, 'another stop code', [made(1), stopped(1)]],
    ['STOPPED_BY_OTHERS', undefined, 'our own stop', [made(1), stopBy('agent-1'), stopped(1)]],
    ['NO_FINAL_RECORD', 0, 'a worker that was refused', [made(1), exits(1, 0)]],
    ['START_TIMEOUT', undefined, 'user code that had begun', [made(1), begins(1), stopBy('agent-1')]],
    ['START_TIMEOUT', undefined, 'a stop that came too early', [made(1), stopBy('agent-1')]],
    ['TASK_LOST', undefined, 'a task that was still there', [made(1)]],
    ['NOT_LAUNCHED', undefined, 'a task that was made', [made(1)]],
    ['CANCELLED', undefined, 'a run that nobody cancelled', []],
    ['UNKNOWN_STOP', undefined, 'a reason that no simulated service gives', [made(1), stopped(1)]],
  ])('notices %s (%s) on record for %s', (code, exitCode, _what, story) => {
    expect(trueFailure(factsFrom([...story, failed(code, exitCode)]))).toHaveLength(1);
  });

  it('holds for a run over its time that ends by itself before ECS is asked to stop it', () => {
    const timedOut = failed('RUN_TIMEOUT', undefined, { runTimeoutMs: 10 * 60_000 });
    const over = { ...ends(1, false), atMin: 60 };
    expect(trueFailure(factsFrom([made(1), begins(1), over, timedOut]))).toEqual([]);
    const soon = { ...ends(1, false), atMin: 3 };
    expect(trueFailure(factsFrom([made(1), begins(1), soon, timedOut]))).toHaveLength(1);
  });

  it('holds for a worker that was refused since its task was shown to nobody in time', () => {
    const beside = made(1, { besideFailure: true, shownAt: BEGINNING + 5 * 60_000 });
    const placedAnew = put(queued({ version: 3, placement: 1 }));
    expect(trueFailure(factsFrom([beside, placedAnew, exits(1, 0), failed('NO_FINAL_RECORD', 0)]))).toEqual([]);
  });

  it('notices a good body that was rejected, and an id that was not used twice', () => {
    const rejected = (code: FailureCode) =>
      put(finished('FAILED', { runId: 'rejected-1', reason: { code, message: '' } }));
    expect(trueFailure(factsFrom([sent(), rejected('INVALID_REQUEST')]))).toHaveLength(1);
    expect(trueFailure(factsFrom([sent(), rejected('RUN_ID_REUSED')]))).toHaveLength(1);
    expect(trueFailure(factsFrom([sent({ bodyHash: undefined }), rejected('INVALID_REQUEST')]))).toEqual([]);
    const other = sent({ messageId: 'message-2', rejectedId: 'rejected-2', bodyHash: 'other' });
    expect(trueFailure(factsFrom([sent(), other, rejected('RUN_ID_REUSED')]))).toEqual([]);
  });
});
