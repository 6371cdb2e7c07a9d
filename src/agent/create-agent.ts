import type { FlowRun } from '../core/run.ts';
import { LeakedSlots } from '../runs/free-leaked-slots.ts';
import type { LaunchDeps } from '../runs/launch-run.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError } from '../service/log.ts';
import { runServices } from '../service/run-services.ts';
import { nameOfSink } from '../templates/notify-shape.ts';
import type { Workspace } from '../templates/workspace.ts';
import { type AgentOptions, type AgentTools, agentTools } from './agent-tools.ts';
import { S3ArtifactPublisher } from './artifact-publisher.ts';
import { createHousekeeper } from './create-housekeeper.ts';
import { createNotifier } from './create-notifier.ts';
import { createScheduler } from './create-scheduler.ts';
import { type LaunchQueuedOptions, QueuedLauncher } from './launch-queued.ts';
import { LaunchSurroundings } from './launch-surroundings.ts';
import { WorkerListener } from './listen-to-workers.ts';
import { needsOfRun } from './needs-of-run.ts';
import { PipesCollector } from './pipes-collector.ts';
import { PublishedFlows } from './published-flows.ts';
import { EventReceiver } from './receive-events.ts';
import { RequestReceiver } from './receive-requests.ts';
import { ShardKeeper } from './shard-keeper.ts';
import { RunWatcher } from './watch-runs.ts';
import { workspacePlanner } from './workspace-planner.ts';

/** Launches in hand may go on for so long after the agent was asked to stop. */
const DRAIN_MS = 6_000;

/** Messages in hand at once, for each queue. */
const RECEIVE_ROOM = 100;

/** Launches under way at once. */
const LAUNCH_CONCURRENCY = 32;

export interface Agent {
  readonly name: string;
  /** Works until `stop` is aborted, then finishes what it holds. */
  run(stop: AbortController): Promise<void>;
  /** One round of everything, so that a test needs no sleep. */
  processAll(stop: AbortSignal): Promise<void>;
  reload(): Promise<void>;
  /** Looks for queued runs, and at all runs in flight, now. */
  poke(): void;
  readonly status: AgentStatus;
}

/** What the agent has in hand. */
export interface AgentStatus {
  /** Launches under way. */
  readonly launching: number;
  /** Runs in flight that this agent has launched. */
  readonly ownRuns: number;
  /** Runs in flight that it watches. */
  readonly watchedRuns: number;
  readonly workspace: Workspace;
}

//  schedules ─> run their ticks ─┐
//  queues ─> receive ─accepted─> launch ─launched─> watch ─ended─> [run record]      reload: templates and flows
//                                  ^                  │ ^                           housekeeping: orphans, old definitions, old runs
//                                  └──── queued ──────┘ └── hints ── events        shards: which runs are ours to watch
export function createAgent(options: AgentOptions): Agent {
  const tools = agentTools(options);
  const { clock, keeper, ending, giveUp } = tools;
  const launcher: QueuedLauncher = createLauncher(tools, {
    room: () => (watcher.hasScanned ? keeper.current.agent.limits.concurrentRuns - watcher.ownSize : 0),
    onLaunched: (runId) => watcher.add(runId, true),
  });
  const offer = (run: FlowRun): void => launcher.offer(run, ending.signal);
  const shards: ShardKeeper = createShardKeeper(tools, {
    inFlight: () => watcher.ownSize,
    onGained: () => watcher.scanSoon(),
  });
  const pipes = createPipesCollector(tools, (runId) => watcher.hint(runId));
  const watcher: RunWatcher = new RunWatcher({
    ...tools.loop,
    store: tools.common.store,
    recover: {
      ...tools.common,
      host: tools.hostOf('watch'),
      leaseMs: tools.leaseMs,
      maySettle: (...of) => pipes.maySettle(...of),
    },
    workers: new WorkerListener({ details: () => tools.aws.details(tools.table), clock, now: tools.common.now }),
    shards,
    isBeingLaunched: (runId) => launcher.has(runId),
    onQueued: offer,
    onFirstScan: () => launcher.hurry(),
    onFreed: (keys) => launcher.freed(keys),
    pace: tools.pace,
  });
  const receivers = createReceivers(tools, offer);
  const events = createEventReceivers(tools, watcher);
  const scheduler = createScheduler({ ...tools, ...tools.common }, offer);
  const notifier = createNotifier(tools);
  const watching = [shards, watcher, createHousekeeper(tools), notifier];
  const services = [...receivers, ...events, scheduler, launcher, ...watching, keeper, ...(options.companions ?? [])];
  return {
    name: options.workspace.agent.name,
    run: async (stop) => {
      const finished = createStop();
      stop.signal.addEventListener('abort', () => {
        ending.abort();
        void clock.sleep(DRAIN_MS, finished.signal).then(() => giveUp.abort());
      });
      await runServices(stop, services).finally(() => finished.abort());
      await shards.leave();
    },
    processAll: async (stop) => {
      await Promise.all(receivers.map((receiver) => receiver.receive(0, stop).then(() => receiver.settled())));
      await scheduler.round(stop);
      await shards.round();
      await watcher.scan();
      await launcher.sweep(stop);
      await launcher.settled();
      await watcher.scan();
      await watcher.look(stop, true);
      await notifier.round(stop);
      await notifier.settled();
    },
    reload: () => keeper.reload(true),
    poke: () => {
      watcher.hurry();
      launcher
        .sweep(ending.signal)
        .catch((error: unknown) => options.log.debug('poke.failed', { error: describeError(error) }));
    },
    get status() {
      const { inHand: launching } = launcher;
      return { launching, ownRuns: watcher.ownSize, watchedRuns: watcher.size, workspace: keeper.current };
    },
  };
}

function createShardKeeper(
  { aws, table, keeper, common, loop, pace, leaseMs, process, observer, telling }: AgentTools,
  { inFlight, onGained }: { readonly inFlight: () => number; readonly onGained: () => void },
): ShardKeeper {
  const presence = () => {
    const { agent, flows } = keeper.current;
    const { labels, strictLabels, limits } = agent;
    const { concurrentRuns, launchesPerSecond } = limits;
    const sinks = agent.notify.map(nameOfSink);
    const work = { queues: agent.queues.map(({ url }) => url), flows: flows.size, sinks, inFlight: inFlight() };
    return { process, labels, strictLabels, ...work, concurrentRuns, launchesPerSecond };
  };
  const { by: name, instance } = common;
  return new ShardKeeper({
    ...loop,
    fleet: aws.fleet(table),
    name,
    instance,
    presence,
    onGained,
    onBeat: () => observer?.onBeat?.(),
    onFleet: ({ agents }, isAlive) => telling.look(agents, isAlive),
    leaseMs,
    beatMs: Math.min(pace.beatMs, leaseMs / 3),
  });
}

function createLauncher(
  { aws, table, clock, rates, keeper, common, loop, pace, leaseMs, giveUp }: AgentTools,
  hooks: Pick<LaunchQueuedOptions, 'room' | 'onLaunched'>,
): QueuedLauncher {
  const launch: LaunchDeps = {
    ...common,
    files: aws.files,
    planner: workspacePlanner({
      workspace: () => keeper.current,
      flows: new PublishedFlows({ catalogue: aws.flows(table), clock }),
      artifacts: new S3ArtifactPublisher(aws.files, clock),
      files: aws.files,
      surroundings: new LaunchSurroundings(aws, common.now),
    }),
    leakedSlots: new LeakedSlots(common),
    leaseMs,
  };
  return new QueuedLauncher({
    ...loop,
    ...hooks,
    launch,
    pace: { take: (stop) => rates.takeLaunch(stop), giveBack: () => rates.giveBackLaunch() },
    giveUp: giveUp.signal,
    concurrency: LAUNCH_CONCURRENCY,
    sweepMs: pace.queuedMs,
  });
}

function createReceivers(
  { aws, workspace, keeper, common, loop, pace, maxPolls }: AgentTools,
  onAccepted: (run: FlowRun) => void,
): readonly RequestReceiver[] {
  const { queues, bucket } = workspace.agent;
  const senders = () => keeper.current.agent.senders;
  const { store, now, by } = common;
  const accept = { store, files: aws.files, bucket, senders, now, by, needsOf: needsOfRun(() => keeper.current) };
  const limit = maxPolls === undefined ? {} : { maxPolls };
  return queues.map(({ url, priority }) => {
    const queue = aws.queue(url);
    return new RequestReceiver({
      ...loop,
      ...limit,
      queue,
      accept: { ...accept, priority },
      onAccepted,
      room: RECEIVE_ROOM,
      putOffSeconds: pace.putOffSeconds,
    });
  });
}

/** One, if the agent is told of an events queue; without it the watcher's own looks do everything. */
function createEventReceivers({ aws, workspace, loop }: AgentTools, watcher: RunWatcher): readonly EventReceiver[] {
  const { events } = workspace.agent;
  if (events === undefined) return [];
  return [new EventReceiver({ ...loop, queue: aws.queue(events.queueUrl), onHint: (runId) => watcher.hint(runId) })];
}

function createPipesCollector(
  { aws, table, clock, log, common }: AgentTools,
  onCollected: (runId: string) => void,
): PipesCollector {
  return new PipesCollector({
    locate: (container) => aws.locateLog(container),
    open: () => ({ logs: aws.logs, details: aws.details(table) }),
    clock,
    log,
    by: common.by,
    onCollected,
  });
}
