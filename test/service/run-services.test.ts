import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runServices } from '../../src/service/run-services.ts';
import { stopOnSignals } from '../../src/service/stop-on-signals.ts';

function untilStopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}

describe('services', () => {
  it('start together and fall together, and the failure is told', async () => {
    const stop = new AbortController();
    const failing = { name: 'failing', run: async () => Promise.reject(new Error('broken')) };
    const running = { name: 'running', run: untilStopped };
    await expect(runServices(stop, [running, failing])).rejects.toThrow('a service failed');
    expect(stop.signal.aborted).toBe(true);
  });

  it('end without a word when they are asked to', async () => {
    const stop = new AbortController();
    const done = runServices(stop, [{ name: 'running', run: untilStopped }]);
    stop.abort();
    await expect(done).resolves.toBeUndefined();
  });
});

describe('signals', () => {
  it('ask to stop the first time, and to hurry the second', () => {
    const source = new EventEmitter();
    const signals = stopOnSignals(source);
    source.emit('SIGTERM', 'SIGTERM');
    expect([signals.stop.signal.aborted, signals.hurry.aborted]).toEqual([true, false]);
    source.emit('SIGINT', 'SIGINT');
    expect(signals.hurry.aborted).toBe(true);
    signals.release();
    expect(source.listenerCount('SIGTERM')).toBe(0);
  });
});
