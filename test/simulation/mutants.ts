import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { TaskObservation } from '../../src/core/observation.ts';
import type { RequestQueue } from '../../src/core/request-queue.ts';
import type { FlowRun } from '../../src/core/run.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { TaskHost } from '../../src/core/task-host.ts';
import type { Clock } from '../../src/service/clock.ts';
import type { DirectedName } from './directed-scenarios.ts';
import type { Mutant } from './mutant.ts';

/** A mutant, and where it must be caught. */
export interface KnownMutant extends Mutant {
  /** What the defence is, for README.md. */
  readonly defence: string;
  readonly killedIn: DirectedName;
  /** The invariant that must break there. */
  readonly breaks: string;
  /** Only together with this second layer switched off: alone it is masked. */
  readonly togetherWith?: string;
}

/** Everything that a port can do, each call handed on to the real one. */
function storeOver(store: RunStore, over: Partial<RunStore>): RunStore {
  return {
    accept: (run) => store.accept(run),
    get: (runId) => store.get(runId),
    getMany: (runIds) => store.getMany(runIds),
    move: (from, to) => store.move(from, to),
    claim: (from, to) => store.claim(from, to),
    slotHolders: (key) => store.slotHolders(key),
    freeSlot: (key, runId, seen) => store.freeSlot(key, runId, seen),
    queued: (now, limit, skip) => store.queued(now, limit, skip),
    inFlight: (shards) => store.inFlight(shards),
    list: (query) => store.list(query),
    ...over,
  };
}

function hostOver(host: TaskHost, over: Partial<TaskHost>): TaskHost {
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

async function* nothing(): AsyncIterable<never> {}

function freshTokens(): (input: RunTaskCommandInput) => RunTaskCommandInput {
  let sent = 0;
  return (input) => {
    sent += 1;
    return { ...input, clientToken: `fresh-${sent}` };
  };
}

/** LAUNCHING runs are always read as if their intent were new. */
function everTrusted(store: RunStore, clock: Clock): RunStore {
  const renewed = (run: FlowRun): FlowRun =>
    run.status === 'LAUNCHING' ? { ...run, intent: { ...run.intent, createdAt: clock.now() } } : run;
  return storeOver(store, { getMany: async (runIds) => (await store.getMany(runIds)).map(renewed) });
}

/** Nobody brings on a launch that stands still. */
function withoutRecovery(store: RunStore): RunStore {
  return storeOver(store, {
    getMany: async (runIds) => (await store.getMany(runIds)).filter(({ status }) => status !== 'LAUNCHING'),
  });
}

/** Moves that `drops` picks are answered as if they were written. */
function withoutWriting(store: RunStore, drops: (to: FlowRun) => boolean): RunStore {
  return storeOver(store, { move: (from, to) => (drops(to) ? Promise.resolve(to) : store.move(from, to)) });
}

function deletingAtOnce(queue: RequestQueue): RequestQueue {
  return {
    url: queue.url,
    receive: async (max, waitSeconds, stop) => {
      const messages = await queue.receive(max, waitSeconds, stop);
      await queue.remove(messages);
      return messages;
    },
    remove: async () => [],
    release: (messages, afterSeconds) => queue.release(messages, afterSeconds),
    bury: (message, why) => queue.bury(message, why),
    send: (body) => queue.send(body),
  };
}

function stoppedTask(taskArn: string): TaskObservation {
  return { kind: 'stopped', task: { taskArn, lastStatus: 'STOPPED', containers: [] } };
}

/** What ECS says nothing of is taken for stopped. */
function takingSilenceForAnEnd(host: TaskHost): TaskHost {
  return hostOver(host, {
    observe: (cluster, taskArns, stop) =>
      host.observe(cluster, taskArns, stop).catch(() => new Map(taskArns.map((arn) => [arn, stoppedTask(arn)]))),
  });
}

function takingMissingForAnEnd(host: TaskHost): TaskHost {
  const judged = ([arn, seen]: [string, TaskObservation]): [string, TaskObservation] =>
    seen.kind === 'missing' ? [arn, stoppedTask(arn)] : [arn, seen];
  return hostOver(host, {
    observe: async (cluster, taskArns, stop) => new Map([...(await host.observe(cluster, taskArns, stop))].map(judged)),
  });
}

const rewriting = freshTokens();

/** Each defence switched off in turn, at a seam that exists. A mutant that nothing catches is a gap of the simulation. */
export const MUTANTS: readonly KnownMutant[] = [
  {
    name: 'fresh token',
    defence: 'the token of an attempt is the same for every send',
    rewriteRunTask: rewriting,
    killedIn: 'answers lost',
    breaks: 'I1',
  },
  {
    name: 'window',
    defence: 'a token is trusted for 30 minutes, then the task is looked up and the attempt fenced',
    wrapStore: everTrusted,
    killedIn: 'outage of two hours',
    breaks: 'I1',
  },
  {
    name: 'look-up',
    defence: 'an answer without a task counts only once no task is found',
    wrapHost: (host) => hostOver(host, { findTask: async () => undefined }),
    killedIn: 'task beside a failure',
    breaks: 'I1',
  },
  {
    name: 'claim',
    defence: 'the worker claims its attempt before any user code',
    ignoresRefusals: true,
    killedIn: 'arrival after the fence',
    breaks: 'I2',
  },
  {
    name: 'claim and cancel',
    defence: 'a cancelled run cannot be claimed',
    ignoresRefusals: true,
    killedIn: 'cancel before the claim',
    breaks: 'I13',
  },
  {
    name: 'claim of a container that starts again',
    defence: "a container's second start is refused the claim of its first",
    ignoresRefusals: true,
    killedIn: 'container starts again',
    breaks: 'I2',
  },
  {
    name: 'nonce',
    defence: 'a write that was refused by itself is known by its nonce',
    togetherWith: 'recovery of launches that stand still',
    table: { hidesNonces: true },
    wrapStore: withoutRecovery,
    killedIn: 'claim answered by nobody',
    breaks: 'I4',
  },
  {
    name: 'version',
    defence: 'a record changes only if it is as its writer read it',
    table: { ignoresVersions: true },
    killedIn: 'two agents at once',
    breaks: 'I9',
  },
  {
    name: 'intent',
    defence: 'plan and token are on record before they are sent',
    wrapStore: (store) => withoutWriting(store, ({ status }) => status === 'LAUNCHING'),
    killedIn: 'quiet',
    breaks: 'I10',
  },
  {
    name: 'delete after record',
    defence: 'a message is deleted only when its run is on record',
    wrapQueue: deletingAtOnce,
    killedIn: 'store away at the start',
    breaks: 'I4',
  },
  {
    name: 'delete after record, with the store at hand',
    defence: 'the same, where nothing goes wrong',
    wrapQueue: deletingAtOnce,
    killedIn: 'quiet',
    breaks: 'I5',
  },
  {
    name: 'grace',
    defence: 'MISSING means nothing until a task can have been forgotten',
    wrapHost: takingMissingForAnEnd,
    killedIn: 'task not visible yet',
    breaks: 'I7',
  },
  {
    name: 'static stability',
    defence: 'while ECS cannot be asked there are no verdicts',
    wrapHost: takingSilenceForAnEnd,
    killedIn: 'outage while it runs',
    breaks: 'I7',
  },
  {
    name: 'final record',
    defence: 'a worker flow has succeeded only if its worker has said so on the record',
    needsNoRecord: true,
    killedIn: 'container starts again',
    breaks: 'I6',
  },
  {
    name: 'reason before stop',
    defence: 'why a task is stopped is on record before ECS is asked',
    wrapStore: (store) => withoutWriting(store, (to) => 'stopping' in to && to.stopping !== undefined),
    killedIn: 'stuck task',
    breaks: 'I7',
  },
  {
    name: 'scan',
    defence: 'agents look for runs in flight that others have left',
    wrapStore: (store) => storeOver(store, { inFlight: nothing }),
    killedIn: 'agent dies',
    breaks: 'I4',
  },
  {
    name: 'sweep',
    defence: 'agents look for queued runs that nobody offers them',
    wrapStore: (store) => storeOver(store, { queued: async () => [] }),
    killedIn: 'retry',
    breaks: 'I4',
  },
  {
    name: 'orphan stopper',
    defence: 'tasks that no live run owns are stopped',
    wrapHost: (host) => hostOver(host, { runningTasks: nothing }),
    killedIn: 'arrival after the end',
    breaks: 'I8',
  },
];
