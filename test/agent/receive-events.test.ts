import { beforeEach, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../src/agent/receive-events.ts';
import { silentLog } from '../../src/service/log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryRequestQueue } from '../fakes/memory-request-queue.ts';

const stop = new AbortController().signal;
let queue: MemoryRequestQueue;
let hints: string[];
let receiver: EventReceiver;

beforeEach(() => {
  queue = new MemoryRequestQueue();
  hints = [];
  receiver = new EventReceiver({
    queue,
    clock: new ManualClock(),
    log: silentLog,
    onTrouble: () => {},
    onHint: (runId) => hints.push(runId),
  });
});

describe('the receiver of task events', () => {
  it('passes each on as a hint and takes it off the queue', async () => {
    await queue.send(JSON.stringify({ detail: { taskArn: 'a', startedBy: 'slipway/run-1/1', lastStatus: 'STOPPED' } }));
    await receiver.receive(0, stop);
    expect(hints).toEqual(['run-1']);
    expect(queue.inFlight.size).toBe(0);
  });

  it('is not stopped by a poison body, wherever it stands', async () => {
    await queue.send('nonsense');
    await queue.send(JSON.stringify({ detail: { taskArn: 'a', startedBy: 'slipway/run-2/1' } }));
    await queue.send('{"detail":null}');
    expect(await receiver.receive(0, stop)).toBe(3);
    expect(hints).toEqual(['run-2']);
    expect(queue.inFlight.size).toBe(0);
  });
});
