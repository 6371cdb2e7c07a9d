import { describe, expect, it } from 'vitest';
import { AgentVitals } from '../../src/agent/agent-vitals.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const QUEUE = 'receive http://queue';

function vitals() {
  const clock = new ManualClock();
  const stop = new AbortController();
  const noticed = new AgentVitals({ clock, table: 'runs', draining: stop.signal });
  const round = (loop: string, outcome: 'busy' | 'idle' | 'failed', pauseMs = 0) =>
    noticed.onRound({ loop, outcome, pauseMs });
  const call = (error?: { name: string; message: string; httpStatusCode?: number }) =>
    noticed.onCall({ service: 'DynamoDB', operation: 'Query', ...(error ? { error } : {}) });
  const failing = () => noticed.ready().checks.flatMap(({ ok, name }) => (ok ? [] : [name]));
  return { clock, stop, noticed, round, call, failing };
}

describe("the agent's health", () => {
  it('is ready once the store and every queue have answered', () => {
    const { round, call, failing } = vitals();
    expect(failing()).toEqual(['store', 'queue']);
    call();
    round(QUEUE, 'busy');
    expect(failing()).toEqual([]);
  });

  it('names the queue that fails, the store that is away or denied, and the drain', () => {
    const { round, call, failing, stop, clock } = vitals();
    call();
    round(QUEUE, 'busy');
    round(QUEUE, 'failed', 1_000);
    expect(failing()).toEqual(['queue http://queue']);
    round(QUEUE, 'busy');
    clock.advance(61_000);
    expect(failing()).toEqual(['queue http://queue']);
    round(QUEUE, 'busy');
    call({ name: 'TimeoutError', message: 'connect' });
    expect(failing()).toEqual(['store']);
    call({ name: 'AccessDeniedException', message: 'not allowed', httpStatusCode: 400 });
    expect(failing()).toEqual(['store']);
    call();
    stop.abort();
    expect(failing()).toEqual(['not draining']);
  });

  it('does not take a condition that fails, a throttle or a call of our own that was given up for a missing store', () => {
    const { round, call, failing } = vitals();
    round(QUEUE, 'busy');
    call({ name: 'ConditionalCheckFailedException', message: 'The conditional request failed', httpStatusCode: 400 });
    expect(failing()).toEqual([]);
    call({ name: 'ThrottlingException', message: 'Rate exceeded', httpStatusCode: 400 });
    expect(failing()).toEqual([]);
    call({ name: 'AbortError', message: 'Request aborted' });
    expect(failing()).toEqual([]);
  });

  it('names credentials that are refused, or end within a minute', () => {
    const { round, call, failing, noticed, clock } = vitals();
    call();
    round(QUEUE, 'busy');
    noticed.onCredentials(clock.now() + 30_000);
    expect(failing()).toEqual(['credentials']);
    noticed.onCredentials(clock.now() + 3_600_000);
    expect(failing()).toEqual([]);
    call({ name: 'ExpiredTokenException', message: 'expired', httpStatusCode: 400 });
    expect(failing()).toEqual(['store', 'credentials']);
  });

  it('is alive while loops fail or wait, and not when one hangs', () => {
    const { clock, noticed, round } = vitals();
    round('orphans', 'idle', 120_000);
    round('watch', 'failed', 30_000);
    clock.advance(200_000);
    expect(noticed.live().ok).toBe(true);
    clock.advance(20_000);
    expect(noticed.live().checks.flatMap(({ ok, name }) => (ok ? [] : [name]))).toEqual(['loop watch']);
  });
});
