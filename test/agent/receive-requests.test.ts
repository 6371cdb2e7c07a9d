import { beforeEach, describe, expect, it } from 'vitest';
import { RequestReceiver } from '../../src/agent/receive-requests.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { silentLog } from '../../src/service/log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRequestQueue } from '../fakes/memory-request-queue.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';

const stop = new AbortController().signal;
let queue: MemoryRequestQueue;
let store: MemoryRunStore;
let accepted: FlowRun[];
let receiver: RequestReceiver;

beforeEach(() => {
  queue = new MemoryRequestQueue();
  store = new MemoryRunStore();
  accepted = [];
  const clock = new ManualClock();
  receiver = new RequestReceiver({
    queue,
    accept: { store, files: new MemoryFileStore(), bucket: undefined, now: () => clock.now(), by: 'agent-1' },
    clock,
    log: silentLog,
    onTrouble: () => {},
    onAccepted: (run) => accepted.push(run),
    room: 100,
  });
});

async function receiveAll(): Promise<void> {
  while ((await receiver.receive(0, stop)) > 0) await receiver.settled();
}

describe('the receiver of run requests', () => {
  it('takes each message off the queue once its run is on record', async () => {
    for (let i = 0; i < 25; i += 1) await queue.send(JSON.stringify({ flow: 'etl', runId: `r${i}` }));
    store.onCall = () => expect(queue.inFlight.size).toBeGreaterThan(0);
    await receiveAll();
    expect(accepted).toHaveLength(25);
    expect([queue.waiting.length, queue.inFlight.size]).toEqual([0, 0]);
  });

  it('leaves a message on the queue when its run could not be recorded, and the others are not held up', async () => {
    await queue.send('{"flow":"etl","runId":"bad-luck"}');
    await queue.send('{"flow":"etl","runId":"good"}');
    store.onCall = ({ runId }) => {
      if (runId === 'bad-luck') throw new Error('DynamoDB is away');
    };
    await receiveAll();
    expect(accepted.map(({ runId }) => runId)).toEqual(['good']);
    expect([...queue.inFlight.values()].map(({ body }) => body)).toEqual(['{"flow":"etl","runId":"bad-luck"}']);
  });

  it('buries what cannot be read, with the reason', async () => {
    await queue.send('nonsense');
    await receiveAll();
    expect(queue.buried).toMatchObject([{ message: { body: 'nonsense' }, why: expect.stringContaining('not JSON') }]);
    expect(queue.inFlight.size).toBe(0);
    expect(accepted).toEqual([]);
  });

  it('keeps an unreadable message on the queue until it is buried', async () => {
    await queue.send('nonsense');
    queue.bury = async () => {
      throw new Error('SQS is away');
    };
    await receiveAll();
    expect(queue.inFlight.size).toBe(1);
  });

  it('gives back what arrives when the agent is ending', async () => {
    await queue.send('{"flow":"etl"}');
    const ending = AbortSignal.abort();
    expect(await receiver.receive(0, stop, ending)).toBe(0);
    expect([queue.waiting.length, queue.inFlight.size, accepted.length]).toEqual([1, 0, 0]);
  });
});
