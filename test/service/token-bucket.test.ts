import { beforeEach, describe, expect, it } from 'vitest';
import { createStop } from '../../src/service/create-stop.ts';
import { TokenBucket } from '../../src/service/token-bucket.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const never = createStop().signal;
let clock: ManualClock;
let order: string[];

beforeEach(() => {
  clock = new ManualClock();
  order = [];
});

/** Lets everything run that is not asleep. */
async function breathe(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

async function advance(ms: number): Promise<void> {
  clock.advance(ms);
  await breathe();
}

describe('a token bucket', () => {
  it('lets a burst through and then so many a second, in order', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 10, burst: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void bucket.take(never).then(() => order.push(name));
    await breathe();
    expect(order).toEqual(['a', 'b']);
    await advance(100);
    expect(order).toEqual(['a', 'b', 'c']);
    await advance(100);
    await advance(100);
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('serves the urgent first, whoever came before them, and the background last', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 1, burst: 1 });
    await bucket.take(never);
    const take = (name: string, priority: 'urgent' | 'normal' | 'background') =>
      void bucket.take(never, { priority }).then(() => order.push(name));
    take('orphan', 'background');
    take('launch 1', 'normal');
    take('launch 2', 'normal');
    take('cancel', 'urgent');
    for (let i = 0; i < 4; i += 1) await advance(1_000);
    expect(order).toEqual(['cancel', 'launch 1', 'launch 2', 'orphan']);
  });

  it('never lets more through in any second than its burst and its rate', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 18, burst: 18 });
    const takenAt: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const priority = i % 3 === 0 ? 'urgent' : 'normal';
      void bucket.take(never, { priority }).then(() => takenAt.push(clock.now()));
    }
    for (let i = 0; i < 1_200; i += 1) await advance(10);
    expect(takenAt).toHaveLength(200);
    for (const at of takenAt) {
      const inSecond = takenAt.filter((other) => other > at && other <= at + 1_000).length;
      expect(inSecond).toBeLessThanOrEqual(19);
    }
  });

  it('turns away at once who does not want to wait so long, and takes nothing', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 1, burst: 1 });
    expect(await bucket.take(never, { patienceMs: 500 })).toBe(true);
    expect(await bucket.take(never, { patienceMs: 500 })).toBe(false);
    await advance(1_000);
    expect(await bucket.take(never, { patienceMs: 500 })).toBe(true);
  });

  it('lets those go who are asked to stop, and their turn is the next one’s', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 1, burst: 1 });
    await bucket.take(never);
    const stop = createStop();
    const left = bucket.take(stop.signal);
    void bucket.take(never).then(() => order.push('patient'));
    stop.abort();
    expect(await left).toBe(false);
    await advance(1_000);
    expect(order).toEqual(['patient']);
  });

  it('sleeps no longer than somebody waits: an agent that stops is not held up by its rates', async () => {
    const sleeps: AbortSignal[] = [];
    const watched = {
      ...bound(clock),
      sleep: (ms: number, stop: AbortSignal) => {
        sleeps.push(stop);
        return clock.sleep(ms, stop);
      },
    };
    const bucket = new TokenBucket({ clock: watched, perSecond: 0.001, burst: 1 });
    await bucket.take(never);
    const stop = createStop();
    const left = bucket.take(stop.signal);
    stop.abort();
    await left;
    expect(sleeps.every(({ aborted }) => aborted)).toBe(true);
  });

  it('gives a token that was not used to the next', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 1, burst: 1 });
    await bucket.take(never);
    bucket.giveBack();
    expect(await bucket.take(never, { patienceMs: 0 })).toBe(true);
  });

  it('knows no limit when the rate is nothing', async () => {
    const bucket = new TokenBucket({ clock, perSecond: 0, burst: 0 });
    for (let i = 0; i < 1_000; i += 1) expect(await bucket.take(never)).toBe(true);
  });
});

function bound(manual: ManualClock) {
  return { now: () => manual.now(), monotonic: () => manual.monotonic(), random: () => manual.random() };
}
