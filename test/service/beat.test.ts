import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockBeat, cronBeats } from '../../src/service/beat.ts';
import { type Clock, systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const MINUTE = 60_000;
const zone = process.env.TZ;

afterEach(() => {
  vi.useRealTimers();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** The machine's own clock, as far as its timers are faked. */
const fakedClock: Clock = {
  ...systemClock,
  now: () => Date.now(),
  sleep: (ms, stop) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
      stop.addEventListener('abort', () => resolve(), { once: true });
    }),
};

/** The moments of a beat, by a machine whose clocks change. */
async function beatsOf(machineZone: string, from: number, minutes: number): Promise<readonly number[]> {
  process.env.TZ = machineZone;
  vi.useFakeTimers({ now: from, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  const stop = createStop();
  const beat = cronBeats(fakedClock)('* * * * *');
  const beats: number[] = [];
  const listening = (async () => {
    while (!stop.signal.aborted) {
      await beat.next(stop.signal);
      if (!stop.signal.aborted) beats.push(Date.now());
    }
  })();
  await vi.advanceTimersByTimeAsync(minutes * MINUTE);
  stop.abort();
  await listening;
  return beats;
}

describe("the minute's beat of node-cron, in UTC", () => {
  it.each([
    ['America/New_York', '2026-03-08T05:30:10Z'],
    ['America/New_York', '2026-11-01T04:30:10Z'],
    ['Europe/Berlin', '2026-03-28T23:30:10Z'],
    ['Australia/Lord_Howe', '2026-10-03T14:00:10Z'],
  ])('loses no minute where the clocks of %s change (from %s)', async (machineZone, from) => {
    const begin = Date.parse(from);
    const beats = await beatsOf(machineZone, begin, 180);
    const expected = Array.from({ length: 180 }, (_, index) => (Math.floor(begin / MINUTE) + 1 + index) * MINUTE);
    expect(beats.map((at) => Math.floor(at / MINUTE) * MINUTE)).toEqual(expected);
    expect(Math.max(...beats.map((at) => at % MINUTE))).toBeLessThan(2_000);
  });

  it('ends its wait when it is stopped', async () => {
    const stop = new AbortController();
    const beat = cronBeats(systemClock)('0 0 1 1 *');
    const waiting = beat.next(stop.signal);
    stop.abort();
    await waiting;
    await beat.next(stop.signal);
  });
});

describe('a beat by a clock of its own', () => {
  it('comes on the minute', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 0, 20));
    let hasBeaten = false;
    const beat = clockBeat(clock, MINUTE)
      .next(new AbortController().signal)
      .then(() => {
        hasBeaten = true;
      });
    clock.advance(39_000);
    await Promise.resolve();
    expect(hasBeaten).toBe(false);
    clock.advance(1_000);
    await beat;
  });
});
