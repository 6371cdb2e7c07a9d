import { randomUUID } from 'node:crypto';
import type { FlowRun } from '../core/run.ts';
import { DefinitionRegistry } from '../runs/definition-registry.ts';
import type { LaunchDeps } from '../runs/launch-run.ts';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError, type Log } from '../service/log.ts';
import type { Trouble } from '../service/poll.ts';
import { runServices } from '../service/run-services.ts';
import { TokenBucket } from '../service/token-bucket.ts';
import type { Workspace } from '../templates/workspace.ts';
import { type AgentPace, DEFAULT_PACE } from './agent-pace.ts';
import { S3ArtifactPublisher } from './artifact-publisher.ts';
import type { AwsPorts } from './connect-aws.ts';
import { QueuedLauncher } from './launch-queued.ts';
import { RequestReceiver } from './receive-requests.ts';
import { RunWatcher } from './watch-runs.ts';
import { WorkspaceKeeper } from './workspace-keeper.ts';
import { workspacePlanner } from './workspace-planner.ts';

export interface AgentOptions {
  readonly workspace: Workspace;
  readonly aws: AwsPorts;
  /** The table of runs. */
  readonly table: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: AgentPace;
  /** Ends each receiver after so many polls. */
  readonly maxPolls?: number;
}

/** Longer than any launch takes with its repeats; past it another agent brings the launch on. */
const LEASE_MS = 45_000;

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
}

//  queues ─> receive ─accepted─> launch ─launched─> watch ─ended─> [run record]
//                                  ^                  │
//                                  └──── queued ──────┘      reload: templates and flows
export function createAgent(options: AgentOptions): Agent {
  const parts = wire(options);
  const { receivers, launcher, watcher, keeper, ending } = parts;
  return {
    name: options.workspace.agent.name,
    run: (stop) => {
      stop.signal.addEventListener('abort', () => ending.abort(), { once: true });
      return runServices(stop, [...receivers, launcher, watcher, keeper]);
    },
    processAll: async (stop) => {
      await Promise.all(receivers.map((receiver) => receiver.receive(0, stop)));
      await Promise.all(receivers.map((receiver) => receiver.settled()));
      await launcher.sweep(stop);
      await launcher.settled();
      await watcher.scan();
      await watcher.look(stop, true);
    },
    reload: () => keeper.reload(),
  };
}

function wire({ workspace, aws, table, clock, log, pace = DEFAULT_PACE, maxPolls }: AgentOptions) {
  const { agent } = workspace;
  const loop = { clock, log, onTrouble: (trouble: Trouble): void => logTrouble(log, trouble) };
  const ending = createStop();
  const store = aws.runs(table);
  const keeper = new WorkspaceKeeper({ ...loop, workspace, everyMs: pace.reloadMs });
  const now = (): number => clock.now();
  const common = { store, host: aws.host, now, random: () => clock.random(), by: agent.name, instance: randomUUID() };
  const launch: LaunchDeps = {
    ...common,
    definitions: new DefinitionRegistry({ definitions: aws.definitions(table), host: aws.host, now }),
    files: aws.files,
    planner: workspacePlanner({
      workspace: () => keeper.current,
      artifacts: new S3ArtifactPublisher(aws.files, clock),
    }),
    pace: launchPace(clock, agent.limits.launchesPerSecond),
    leaseMs: LEASE_MS,
  };
  const launcher: QueuedLauncher = new QueuedLauncher({
    ...loop,
    launch,
    room: () => keeper.current.agent.limits.concurrentRuns - watcher.size,
    onLaunched: (runId) => watcher.add(runId),
    concurrency: LAUNCH_CONCURRENCY,
    sweepMs: pace.queuedMs,
  });
  const offer = (run: FlowRun): void => launcher.offer(run, ending.signal);
  const watcher = new RunWatcher({
    ...loop,
    store,
    recover: { ...common, leaseMs: LEASE_MS },
    isBeingLaunched: (runId) => launcher.has(runId),
    onQueued: offer,
    pace,
  });
  const accept = { store, files: aws.files, bucket: agent.bucket, now, by: agent.name };
  const receivers = agent.queues.map(({ url }) => {
    const limit = maxPolls === undefined ? {} : { maxPolls };
    return new RequestReceiver({
      ...loop,
      ...limit,
      queue: aws.queue(url),
      accept,
      onAccepted: offer,
      room: RECEIVE_ROOM,
    });
  });
  return { receivers, launcher, watcher, keeper, ending };
}

function launchPace(clock: Clock, perSecond: number): LaunchDeps['pace'] {
  const bucket = new TokenBucket({ clock, perSecond, burst: perSecond });
  return (stop) => bucket.take(stop);
}

function logTrouble(log: Log, trouble: Trouble): void {
  if (trouble.kind === 'began') log.error('loop.failing', { loop: trouble.loop, error: describeError(trouble.error) });
  else log.info('loop.recovered', { loop: trouble.loop, count: trouble.failures });
}
