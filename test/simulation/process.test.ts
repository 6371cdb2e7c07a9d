import { describe, expect, it } from 'vitest';
import { BEGINNING, EventQueue } from './event-queue.ts';
import { Process } from './process.ts';

const NEVER = new AbortController().signal;
const everything = (queue: EventQueue) => queue.drive(() => false);

describe('virtual time', () => {
  it('moves from event to event, those of one moment in the order in which they were asked for', async () => {
    const queue = new EventQueue();
    const seen: string[] = [];
    for (const [ms, name] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b'],
      [30, 'd'],
    ] as const) {
      queue.in(ms, () => seen.push(`${name}@${queue.now - BEGINNING}`));
    }
    queue.in(15, () => seen.push('never')).cancelled = true;
    await everything(queue);
    expect(seen).toEqual(['a@10', 'b@20', 'c@30', 'd@30']);
  });

  it('lets every promise go on before the next event', async () => {
    const queue = new EventQueue();
    const seen: string[] = [];
    const chain = async () => {
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      seen.push('chain');
    };
    queue.in(1, () => void chain());
    queue.in(1, () => seen.push('next'));
    await everything(queue);
    expect(seen).toEqual(['chain', 'next']);
  });
});

describe('a simulated process', () => {
  function sleeper() {
    const queue = new EventQueue();
    const process = new Process(queue, { name: 'agent-1', skewMs: 5_000, seed: 1 });
    const woken: number[] = [];
    const sleep = (ms: number, stop = NEVER) =>
      void process.clock.sleep(ms, stop).then(() => woken.push(queue.now - BEGINNING));
    return { queue, process, woken, sleep };
  }

  it('has a wall clock that may be wrong, and a monotonic one that is not', () => {
    const { queue, process } = sleeper();
    expect(process.clock.now() - queue.now).toBe(5_000);
    expect(process.clock.monotonic()).toBe(queue.now);
  });

  it('never goes on after it was killed', async () => {
    const { queue, process, woken, sleep } = sleeper();
    sleep(10);
    queue.in(5, () => process.kill());
    await everything(queue);
    expect(woken).toEqual([]);
  });

  it('goes on after its pause with what came meanwhile', async () => {
    const { queue, process, woken, sleep } = sleeper();
    sleep(10);
    sleep(2_000);
    queue.in(5, () => process.pause(1_000));
    await everything(queue);
    expect(woken).toEqual([1_005, 2_000]);
  });

  it('wakes at once when its sleep is aborted', async () => {
    const { queue, woken, sleep } = sleeper();
    const stop = new AbortController();
    sleep(1_000, stop.signal);
    queue.in(7, () => stop.abort());
    await everything(queue);
    expect(woken).toEqual([7]);
  });
});
