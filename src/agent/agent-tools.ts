import { randomUUID } from 'node:crypto';
import type { ChoreName } from '../core/chores.ts';
import type { AgentProcess } from '../core/fleet.ts';
import type { FlowRun } from '../core/run.ts';
import type { TaskHost } from '../core/task-host.ts';
import { DefinitionRegistry } from '../runs/definition-registry.ts';
import { type Beats, cronBeats } from '../service/beat.ts';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError, type Log } from '../service/log.ts';
import type { RoundReport, Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import { retentionOf } from '../templates/retention-of.ts';
import type { Workspace } from '../templates/workspace.ts';
import { type AgentPace, DEFAULT_PACE } from './agent-pace.ts';
import { type Caller, CallRates } from './call-rates.ts';
import type { AwsPorts } from './connect-aws.ts';
import { Telling } from './notify/telling.ts';
import { WorkspaceKeeper } from './workspace-keeper.ts';

export interface AgentOptions {
  readonly workspace: Workspace;
  readonly aws: AwsPorts;
  /** The table of runs. */
  readonly table: string;
  /** The program, as others see it on record. */
  readonly process: Omit<AgentProcess, 'startedAt'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: AgentPace;
  /** node-cron's, unless time is not the machine's own. */
  readonly beats?: Beats;
  /** Ends each receiver after so many polls. */
  readonly maxPolls?: number;
  /** A launch that has not moved for so long is brought on by another agent; 45 s if left out. */
  readonly leaseMs?: number;
  readonly observer?: AgentObserver;
  /** Services that live and end with the agent. */
  readonly companions?: readonly Service[];
}

/** Told of what the agent does: health, metrics and notifications live by it. What it does must not fail. */
export interface AgentObserver {
  onRound?(report: RoundReport): void;
  onMove?(run: FlowRun): void;
  /** A sign of life is on record. */
  onBeat?(): void;
  onChore?(chore: ChoreName, outcome: 'done' | 'failed'): void;
  /** A schedule's tick has made the run, so many milliseconds after it was due. */
  onTick?(run: FlowRun, lateMs: number): void;
}

/** A launch that has not moved for so long is brought on by another agent: too early costs a repeat, never a second task. */
const LEASE_MS = 45_000;

export type AgentTools = ReturnType<typeof agentTools>;

/** What every part of the agent works with. */
export function agentTools(options: AgentOptions) {
  const { workspace, aws, table, clock, log, pace = DEFAULT_PACE, leaseMs = LEASE_MS, observer } = options;
  const loop = {
    clock,
    log,
    onTrouble: (trouble: Trouble): void => logTrouble(log, trouble),
    onRound: (report: RoundReport): void => observer?.onRound?.(report),
    onMove: (run: FlowRun): void => observer?.onMove?.(run),
    onTick: (run: FlowRun, lateMs: number): void => observer?.onTick?.(run, lateMs),
  };
  const keeper = new WorkspaceKeeper({ ...loop, workspace, everyMs: pace.reloadMs });
  const now = (): number => clock.now();
  const rates = new CallRates(workspace.agent.limits, clock);
  const hostOf = (caller: Caller): TaskHost => aws.pacedHost(rates.of(caller));
  const host = hostOf('launch');
  const instance = randomUUID();
  const telling = new Telling({ workspace: () => keeper.current, instance, now });
  const common = {
    store: aws.runs(table, {
      onNewer: ({ runId, message }) => log.warn('run.newer-version', { runId, error: message }),
      wantsNotice: (run) => telling.isWanted(run),
      retentionMs: () => retentionOf(keeper.current.agent).retentionMs,
      pauses: clock,
    }),
    host,
    definitions: new DefinitionRegistry({ definitions: aws.definitions(table), host, now }),
    now,
    random: (): number => clock.random(),
    by: workspace.agent.name,
    instance,
  };
  const beats = options.beats ?? cronBeats(clock);
  const process: AgentProcess = { ...options.process, startedAt: clock.now() };
  const ends = { ending: createStop(), giveUp: createStop() };
  return { ...options, ...ends, process, pace, leaseMs, beats, loop, keeper, rates, hostOf, telling, common };
}

function logTrouble(log: Log, trouble: Trouble): void {
  if (trouble.kind === 'began') log.error('loop.failing', { loop: trouble.loop, error: describeError(trouble.error) });
  else log.info('loop.recovered', { loop: trouble.loop, count: trouble.failures });
}
