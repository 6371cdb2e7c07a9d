import { describe, expect, it } from 'vitest';
import { poll, type Trouble } from '../../src/service/poll.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

function start(round: () => Promise<'busy' | 'idle'>) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const troubles: Trouble['kind'][] = [];
  const onTrouble = ({ kind }: Trouble) => troubles.push(kind);
  const done = poll({ name: 'test', clock, stop: stop.signal, idleMs: 100, maxBackoffMs: 1_000, onTrouble }, round);
  return { clock, stop, troubles, done };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

describe('a poll loop', () => {
  it('goes on at once while there is work, and pauses when there is none', async () => {
    const outcomes: ('busy' | 'idle')[] = ['busy', 'busy', 'idle', 'idle'];
    let rounds = 0;
    const { clock, stop, done } = start(async () => outcomes[rounds++] ?? 'idle');
    await turns();
    expect(rounds).toBe(3);
    clock.advance(100);
    await turns();
    expect(rounds).toBe(4);
    stop.abort();
    await done;
  });

  it('survives every failure, backs off, and tells an outage as one story', async () => {
    let rounds = 0;
    const { clock, stop, troubles, done } = start(async () => {
      rounds += 1;
      if (rounds <= 3) throw new Error('away');
      return 'idle';
    });
    for (let i = 0; i < 5; i += 1) {
      await turns();
      clock.advance(1_000);
    }
    await turns();
    expect(rounds).toBeGreaterThan(3);
    expect(troubles).toEqual(['began', 'ended']);
    stop.abort();
    await done;
  });

  it('ends when it is asked to, also in the middle of a pause', async () => {
    const { stop, done } = start(async () => 'idle');
    await turns();
    stop.abort();
    await expect(done).resolves.toBeUndefined();
  });
});
