import { describe, expect, it } from 'vitest';
import { adjustmentAfter, adjustmentText } from '../../src/core/adjust-attempt.ts';
import { retryDelayMs } from '../../src/core/decide-retry.ts';
import type { FailureCode } from '../../src/core/failure-codes.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Verdict } from '../../src/core/verdict.ts';

const ended = (...codes: readonly FailureCode[]) => codes.map((code) => ({ reason: { code, message: '' } }));

describe('an attempt after one that ran out of memory', () => {
  it('gets the next profile of the list each time, and the last one when the list is at its end', () => {
    const rules = { escalate: ['large', 'xlarge'] };
    const profiles = [0, 1, 2, 3].map((times) =>
      adjustmentAfter(ended(...Array.from({ length: times }, () => 'OUT_OF_MEMORY' as const)), rules),
    );
    expect(profiles.map(({ profile }) => profile)).toEqual([undefined, 'large', 'xlarge', 'xlarge']);
  });

  it('gets twice the memory each time where the flow says double', () => {
    const after = adjustmentAfter(ended('OUT_OF_MEMORY', 'HOST_LOST', 'KILLED'), { escalate: 'double' });
    expect(after).toEqual({ doublings: 2 });
    expect(adjustmentText(after)).toBe('memory × 4');
  });

  it('is as the one before where nothing is asked for, or where it ended otherwise', () => {
    expect(adjustmentAfter(ended('OUT_OF_MEMORY'), { escalate: [] })).toEqual({});
    expect(adjustmentAfter(ended('EXIT_CODE', 'HOST_LOST'), { escalate: 'double', onDemandAfter: 1 })).toEqual({});
    expect(adjustmentText({})).toBeUndefined();
  });
});

describe('an attempt after Spot interruptions', () => {
  it('is on demand once there have been as many as the flow allows', () => {
    const rules = { escalate: [], onDemandAfter: 2 };
    expect(adjustmentAfter(ended('SPOT_INTERRUPTION', 'HOST_LOST'), rules)).toEqual({});
    const after = adjustmentAfter(ended('SPOT_INTERRUPTION', 'HOST_LOST', 'SPOT_INTERRUPTION'), rules);
    expect(after).toEqual({ onDemand: true });
    expect(adjustmentText(after)).toBe('on-demand capacity');
  });
});

describe('the budget of a run that runs out of memory', () => {
  const verdict: Verdict = { status: 'CRASHED', reason: { code: 'OUT_OF_MEMORY', message: '' }, retry: 'flow' };
  const policyWith = (escalations: number) => ({
    ...DEFAULT_POLICY,
    retries: { ...DEFAULT_POLICY.retries, CRASHED: { ...DEFAULT_POLICY.retries.CRASHED, escalations } },
  });

  it("is the flow's own where no larger size is asked for: none, unless it says so", () => {
    expect(retryDelayMs(verdict, [], DEFAULT_POLICY, 1)).toBeUndefined();
  });

  it('is that of crashes where a larger size is left, and none where the largest was too small', () => {
    const crashed = ended('OUT_OF_MEMORY').map((attempt) => ({ ...attempt, retriedAs: 'CRASHED' as const }));
    expect(retryDelayMs(verdict, [], policyWith(1), 1)).toBe(30_000);
    expect(retryDelayMs(verdict, crashed, policyWith(1), 1)).toBeUndefined();
    expect(retryDelayMs(verdict, crashed, policyWith(2), 1)).toBe(60_000);
  });
});
