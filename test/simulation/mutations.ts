import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { NO_RUN } from '../../src/agent/receive-requests.ts';
import { observeTask } from '../../src/aws/observe-task.ts';
import type { TaskObservation } from '../../src/core/observation.ts';
import type { RequestQueue } from '../../src/core/request-queue.ts';
import type { FlowRun } from '../../src/core/run.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { TaskHost } from '../../src/core/task-host.ts';
import type { Clock } from '../../src/service/clock.ts';
import type { Surroundings } from './surroundings.ts';

/** Everything that a port can do, each call handed on to the real one. */
export function storeOver(store: RunStore, over: Partial<RunStore>): RunStore {
  return {
    accept: (run) => store.accept(run),
    get: (runId) => store.get(runId),
    getMany: (runIds) => store.getMany(runIds),
    move: (from, to) => store.move(from, to),
    claim: (from, to) => store.claim(from, to),
    slotHolders: (key) => store.slotHolders(key),
    freeSlot: (key, runId, seen) => store.freeSlot(key, runId, seen),
    queued: (now, limit, skip) => store.queued(now, limit, skip),
    overdue: (now) => store.overdue(now),
    inFlight: (shards) => store.inFlight(shards),
    list: (query) => store.list(query),
    ...over,
  };
}

/** The same for ECS. */
export function hostOver(host: TaskHost, over: Partial<TaskHost>): TaskHost {
  return {
    register: (definition, stop) => host.register(definition, stop),
    launch: (intent, stop) => host.launch(intent, stop),
    findTask: (cluster, startedBy, family, stop) => host.findTask(cluster, startedBy, family, stop),
    observe: (cluster, taskArns, stop) => host.observe(cluster, taskArns, stop),
    runningTasks: (cluster, stop) => host.runningTasks(cluster, stop),
    stopTask: (cluster, taskArn, reason, stop) => host.stopTask(cluster, taskArn, reason, stop),
    ...over,
  };
}

function queueOver(queue: RequestQueue, over: Partial<RequestQueue>): RequestQueue {
  return {
    url: queue.url,
    receive: (max, waitSeconds, stop) => queue.receive(max, waitSeconds, stop),
    remove: (messages) => queue.remove(messages),
    release: (messages, afterSeconds) => queue.release(messages, afterSeconds),
    bury: (message, why) => queue.bury(message, why),
    send: (text) => queue.send(text),
    ...over,
  };
}

/** Of what is read page by page: no page. */
export async function* nothing(): AsyncIterable<never> {}

/** Another token for each send. */
export function freshTokens(): (input: RunTaskCommandInput) => RunTaskCommandInput {
  let sent = 0;
  return (input) => {
    sent += 1;
    return { ...input, clientToken: `fresh-${sent}` };
  };
}

/** LAUNCHING runs are always read as if their intent were new. */
export function everTrusted(store: RunStore, clock: Clock): RunStore {
  const renewed = (run: FlowRun): FlowRun =>
    run.status === 'LAUNCHING' ? { ...run, intent: { ...run.intent, createdAt: clock.now() } } : run;
  return storeOver(store, { getMany: async (runIds) => (await store.getMany(runIds)).map(renewed) });
}

/** Nobody brings on a launch that stands still. */
export function withoutRecovery(store: RunStore): RunStore {
  return storeOver(store, {
    getMany: async (runIds) => (await store.getMany(runIds)).filter(({ status }) => status !== 'LAUNCHING'),
  });
}

/** Moves that `drops` picks are answered as if they were written. */
export function withoutWriting(store: RunStore, drops: (to: FlowRun) => boolean): RunStore {
  return storeOver(store, {
    move: (from, to) => (drops(to) ? Promise.resolve(to) : store.move(from, to)),
    claim: (from, to) => (drops(to) ? Promise.resolve({ kind: 'claimed', run: to }) : store.claim(from, to)),
  });
}

/** Whoever takes a lease over takes it for the first one. */
export function withoutEpochs(store: RunStore): RunStore {
  return storeOver(store, {
    move: async (from, to) => {
      const moved = await store.move(from, to);
      return moved?.status === 'LAUNCHING' ? { ...moved, lease: { ...moved.lease, epoch: 1 } } : moved;
    },
  });
}

/** An answer without a task is taken for the whole truth. */
export function concludingAtOnce(store: RunStore): RunStore {
  return storeOver(store, {
    move: (from, to) =>
      store.move(from, 'unplaced' in to && to.unplaced ? { ...to, unplaced: { ...to.unplaced, until: 0 } } : to),
  });
}

/** The receiver's question whether the store is there is always answered with yes. */
export function everThere(store: RunStore): RunStore {
  return storeOver(store, { get: (runId) => (runId === NO_RUN ? Promise.resolve(undefined) : store.get(runId)) });
}

/** What is to come later comes when it would have come anyhow. */
export function neverPutOff(queue: RequestQueue): RequestQueue {
  return queueOver(queue, {
    release: (messages, afterSeconds) => (afterSeconds ? Promise.resolve() : queue.release(messages)),
  });
}

/** Messages leave the queue as they are received. */
export function deletingAtOnce(queue: RequestQueue): RequestQueue {
  return queueOver(queue, {
    receive: async (max, waitSeconds, stop) => {
      const messages = await queue.receive(max, waitSeconds, stop);
      await queue.remove(messages);
      return messages;
    },
    remove: async () => [],
  });
}

function stoppedTask(taskArn: string): TaskObservation {
  return { kind: 'stopped', task: { taskArn, lastStatus: 'STOPPED', containers: [] } };
}

/** What ECS says nothing of is taken for stopped. */
export function takingSilenceForAnEnd(host: TaskHost): TaskHost {
  return hostOver(host, {
    observe: (cluster, taskArns, stop) =>
      host.observe(cluster, taskArns, stop).catch(() => new Map(taskArns.map((arn) => [arn, stoppedTask(arn)]))),
  });
}

/** MISSING is taken for the end of a task. */
export function takingMissingForAnEnd(host: TaskHost): TaskHost {
  const judged = ([arn, seen]: [string, TaskObservation]): [string, TaskObservation] =>
    seen.kind === 'missing' ? [arn, stoppedTask(arn)] : [arn, seen];
  return hostOver(host, {
    observe: async (cluster, taskArns, stop) => new Map([...(await host.observe(cluster, taskArns, stop))].map(judged)),
  });
}

/** A task is what the event that came last says of it, however old that is. */
export function takingEventsAtTheirWord(host: TaskHost, told: Surroundings['told']): TaskHost {
  return hostOver(host, {
    observe: async (cluster, taskArns, stop) => {
      const asked = await host.observe(cluster, taskArns, stop);
      const heard = taskArns.flatMap((arn): [string, TaskObservation][] => {
        const observation = observeTask(told.get(arn) ?? {});
        return observation === undefined ? [] : [[arn, observation]];
      });
      return new Map([...asked, ...heard]);
    },
  });
}
