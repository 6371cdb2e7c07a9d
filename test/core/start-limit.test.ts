import { describe, expect, it } from 'vitest';
import type { QueuedRun } from '../../src/core/run.ts';
import { latenessOf, startLimitOf } from '../../src/core/start-limit.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';

const AT = 1_700_000_000_000;

function run(over: Partial<QueuedRun> = {}): QueuedRun {
  return queuedRun({ requestedAt: AT, ...over });
}

describe('the moment until which a run is to be launched', () => {
  it('is none where nobody says one', () => {
    expect(startLimitOf(run())).toBeUndefined();
    expect(latenessOf(run(), AT + 1e12)).toBeUndefined();
  });

  it('is what its producer says, until its code has begun', () => {
    const request = runRequest({ expiresAt: AT + 5_000 });
    expect(startLimitOf(run({ request }))?.at).toBe(AT + 5_000);
    expect(latenessOf(run({ request, attempt: 2 }), AT + 5_000)).toBe(
      'It was to start before 2023-11-14T22:13:25.000Z.',
    );
    const reason = { code: 'EXIT_CODE', message: '' } as const;
    const begun = { attempt: 1, status: 'FAILED', reason, finishedAt: AT, startedAt: AT } as const;
    expect(startLimitOf(run({ request, attempt: 2, attempts: [begun] }))).toBeUndefined();
  });

  it('is what its flow says, of the first attempt, counted from when it was wanted', () => {
    expect(latenessOf(run({ queueTimeoutMs: 60_000 }), AT + 59_999)).toBeUndefined();
    expect(latenessOf(run({ queueTimeoutMs: 60_000 }), AT + 60_000)).toBe(
      'It waited longer than the 60 s that its flow allows.',
    );
    const later = run({ queueTimeoutMs: 60_000, request: runRequest({ notBefore: AT + 10_000 }) });
    expect(startLimitOf(later)?.at).toBe(AT + 70_000);
    expect(startLimitOf(run({ queueTimeoutMs: 60_000, attempt: 2 }))).toBeUndefined();
  });

  it('is the sooner of the two', () => {
    const request = runRequest({ expiresAt: AT + 5_000 });
    expect(startLimitOf(run({ request, queueTimeoutMs: 60_000 }))?.at).toBe(AT + 5_000);
    expect(startLimitOf(run({ request, queueTimeoutMs: 1_000 }))?.at).toBe(AT + 1_000);
  });
});
