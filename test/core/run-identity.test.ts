import { describe, expect, it } from 'vitest';
import { clientTokenOf, derivedRunId, parseStartedBy, startedByOf } from '../../src/core/run-identity.ts';

const attempt = { cluster: 'main', runId: 'r-1', attempt: 2, placement: 0 };

describe('the names of an attempt', () => {
  it('has one token for each cluster, run, attempt and placement, of at most 64 visible characters', () => {
    const tokens = [
      clientTokenOf(attempt),
      clientTokenOf({ ...attempt, cluster: 'other' }),
      clientTokenOf({ ...attempt, runId: 'r-2' }),
      clientTokenOf({ ...attempt, attempt: 3 }),
      clientTokenOf({ ...attempt, placement: 1 }),
    ];
    expect(new Set(tokens).size).toBe(5);
    for (const token of tokens) expect(token).toMatch(/^[!-~]{1,64}$/);
  });

  it('keeps its token from version to version: a changed one could start a second task', () => {
    expect(clientTokenOf(attempt)).toBe('pcybvckafe8r88ddfvb4vbnhsnr88vn701b7sw31jakdt8hmxmfa');
  });

  it('reads back whose task it is', () => {
    expect(parseStartedBy(startedByOf(attempt))).toEqual({ runId: 'r-1', attempt: 2 });
    expect(parseStartedBy('ecs-svc/123')).toBeUndefined();
    expect(parseStartedBy(undefined)).toBeUndefined();
  });

  it('derives one run id from one message', () => {
    expect(derivedRunId('message', 'm-1')).toBe(derivedRunId('message', 'm-1'));
    expect(derivedRunId('message', 'm-1')).not.toBe(derivedRunId('key', 'm-1'));
    expect(derivedRunId('message', 'm-1')).toMatch(/^[a-z0-9]{26}$/);
  });
});
