import { beforeEach, describe, expect, it } from 'vitest';
import { RequestReceiver } from '../../src/agent/receive-requests.ts';
import type { QueueMessage } from '../../src/core/request-queue.ts';
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
let clock: ManualClock;
let troubles: string[];

beforeEach(() => {
  queue = new MemoryRequestQueue();
  store = new MemoryRunStore();
  accepted = [];
  clock = new ManualClock();
  troubles = [];
  receiver = new RequestReceiver({
    queue,
    accept: { store, files: new MemoryFileStore(), bucket: undefined, now: () => clock.now(), by: 'agent-1' },
    clock,
    log: silentLog,
    onTrouble: ({ kind }) => troubles.push(kind),
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

  it('puts a message off longer each time that it could not be recorded, so that the queue never gives it up', async () => {
    store.onCall = () => {
      throw new Error('DynamoDB is away');
    };
    await queue.send('{"flow":"etl"}');
    const [message] = queue.waiting;
    for (const receiveCount of [1, 2, 3, 20]) {
      queue.waiting.splice(0, 1, { ...message, receiveCount } as QueueMessage);
      await receiver.receive(0, stop);
      await receiver.settled();
    }
    expect(queue.putOff.map(([, seconds]) => seconds)).toEqual([90, 180, 360, 7_200]);
  });

  it('receives nothing while nothing can be recorded, and goes on when the store is back', async () => {
    let isAway = true;
    store.onCall = () => {
      if (isAway) throw new Error('DynamoDB is away');
    };
    let receives = 0;
    const receive = queue.receive.bind(queue);
    queue.receive = async (max) => {
      receives += 1;
      await new Promise(setImmediate);
      return receive(max);
    };
    const end = new AbortController();
    await queue.send('{"flow":"etl","runId":"first"}');
    const running = receiver.run(end.signal);
    await expect.poll(() => troubles).toEqual(['began']);
    const before = receives;
    await queue.send('{"flow":"etl","runId":"second"}');
    const passTime = async (): Promise<void> => {
      clock.advance(30_000);
      await new Promise(setImmediate);
    };
    for (let tries = 0; tries < 20; tries += 1) await passTime();
    expect(receives).toBe(before);
    isAway = false;
    await expect.poll(() => passTime().then(() => accepted.map(({ runId }) => runId))).toEqual(['second']);
    expect(troubles).toEqual(['began', 'ended']);
    end.abort();
    await running;
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
