import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventReceiver } from '../../src/agent/receive-events.ts';
import { RequestReceiver } from '../../src/agent/receive-requests.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { SqsRequestQueue } from '../../src/aws/sqs-request-queue.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import { MemoryRequestQueue } from '../fakes/memory-request-queue.ts';
import { newQueue, startAws } from '../local/clients.ts';
import { IncidentWorld, stop } from './incident-world.ts';

function eventOf(runId: string): string {
  return JSON.stringify({ detail: { taskArn: 'a', startedBy: `slipway/${runId}/1`, lastStatus: 'STOPPED' } });
}

function eventReceiver(world: IncidentWorld, queue: MemoryRequestQueue, onHint: (runId: string) => void) {
  return new EventReceiver({ queue, clock: world.clock, log: silentLog, onTrouble: () => undefined, onHint });
}

describe('incidents of queues', () => {
  it('R23: an event that left its queue just before its agent died is not missed: the next agent looks for itself', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.host.end(world.taskArn, 1);
    const queue = new MemoryRequestQueue();
    await queue.send(eventOf('run-1'));
    await eventReceiver(world, queue, () => undefined).receive(0, stop);
    expect(queue.inFlight.size + queue.waiting.length).toBe(0);
    expect(await world.look()).toMatchObject({ status: 'FAILED', reason: { code: 'EXIT_CODE' } });
  });

  it('R24: ten bodies in a row that are no events stop nobody, and leave the queue', async () => {
    const world = new IncidentWorld();
    const queue = new MemoryRequestQueue();
    const poison = ['', '{', 'null', '[]', '"x"', '{"detail":null}', '{"detail":{}}', '\u0000', '{"detail":[1]}', '7'];
    for (const body of [...poison, eventOf('run-1')]) await queue.send(body);
    const hints: string[] = [];
    const receiver = eventReceiver(world, queue, (runId) => hints.push(runId));
    expect(await receiver.receive(0, stop)).toBe(10);
    expect(await receiver.receive(0, stop)).toBe(1);
    expect(hints).toEqual(['run-1']);
    expect(queue.inFlight.size).toBe(0);
  });

  it('R25: an event whose look at ECS was throttled is not forgotten: the run is looked at again', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.host.end(world.taskArn, 0);
    const queue = new MemoryRequestQueue();
    await queue.send(eventOf('run-1'));
    const watch = world.watcher();
    await eventReceiver(world, queue, (runId) => watch.hint(runId)).receive(0, stop);
    const observe = world.host.observe.bind(world.host);
    world.host.observe = () => Promise.reject(new Error('ThrottlingException: Rate exceeded'));
    await watch.look(stop);
    expect(world.run().status).toBe('STARTING');
    world.host.observe = observe;
    world.clock.advance(30_000);
    await watch.look(stop);
    expect(world.run().status).toBe('SUCCEEDED');
  });

  it('R28: an agent keeps nothing of runs that have ended, however many there were', async () => {
    const world = new IncidentWorld();
    const watch = world.watcher();
    for (let round = 0; round < 20; round += 1) {
      for (let i = 0; i < 50; i += 1) await world.launch(await world.accept({ runId: `run-${round}-${i}` }));
      await watch.scan();
      expect(watch.size).toBe(50);
      for (const arn of world.host.taskArns.slice(-50)) world.host.end(arn, 0);
      await watch.look(stop, true);
      expect(watch.size).toBe(0);
    }
  });

  it('R29: a hundred polls with one signal leave no listener behind', async () => {
    const aws = await startAws();
    const sqs = createSqsClient({ region: 'us-east-1', endpoint: aws.url });
    onTestFinished(() => sqs.destroy());
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const queue = new SqsRequestQueue(sqs, await newQueue(sqs, 'q'));
    const { signal } = createStop();
    for (let polls = 0; polls < 100; polls += 1) await queue.receive(10, 0, signal);
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(2);
    expect(warned).not.toHaveBeenCalled();
  });

  it('R32: an agent takes no more messages than it puts on record at once: none grows old in its memory', async () => {
    const world = new IncidentWorld();
    const queue = new MemoryRequestQueue();
    for (let i = 0; i < 200; i += 1) await queue.send(JSON.stringify({ flow: 'etl', runId: `run-${i}` }));
    const gate = createStop();
    world.store.onCall = () => (gate.signal.aborted ? undefined : aborted(gate.signal));
    const end = createStop();
    const receiver = new RequestReceiver({
      queue,
      accept: { store: world.store, files: world.deps.files, bucket: undefined, now: () => 0, by: 'agent-1' },
      clock: world.clock,
      log: silentLog,
      onTrouble: () => undefined,
      onAccepted: () => (queue.waiting.length === 0 ? end.abort() : undefined),
      room: 20,
    });
    const running = receiver.run(end.signal);
    await vi.waitFor(() => expect(queue.inFlight.size).toBe(20));
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(queue.inFlight.size).toBe(20);
    gate.abort();
    await vi.waitFor(() => expect(queue.waiting.length).toBe(0));
    end.abort();
    await running;
    expect(world.run('run-199').status).toBe('QUEUED');
  });

  it('R34: hints for runs that are over, or that nobody knows, take up no room', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.host.end(world.taskArn, 0);
    const watch = world.watcher();
    watch.add('run-1', true);
    await world.look();
    for (let i = 0; i < 100; i += 1) watch.hint(`nobody-knows-${i}`);
    watch.hint('run-1');
    await watch.look(stop);
    expect(watch.size).toBe(0);
    expect(watch.ownSize).toBe(0);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
