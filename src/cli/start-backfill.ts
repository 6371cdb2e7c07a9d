import { needsOfRun } from '../agent/needs-of-run.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import type { FinishedRun, QueuedRun } from '../core/run.ts';
import { derivedRunId } from '../core/run-identity.ts';
import { isoSeconds, tickValuesOf } from '../core/schedules/tick-values.ts';
import { driveBackfill } from '../runs/drive-backfill.ts';
import { tickRun } from '../runs/tick-run.ts';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import { planRun } from '../templates/plan-run.ts';
import { findFlow } from '../templates/workspace.ts';
import { estimateBackfill, estimateText } from './backfill-estimate.ts';
import { type BackfillStretch, backfillSchedule, backfillTicks } from './backfill-ticks.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { type OpenedSchedules, openSchedules, type ScheduleFlags } from './open-schedules.ts';
import { statusText } from './print-status.ts';
import { shortIdOf } from './run-id.ts';
import { FaultsError, usageError } from './user-error.ts';

export interface BackfillFlags extends ScheduleFlags, BackfillStretch {
  readonly flow: string;
  readonly maxParallel: number;
  /** Another label makes other runs of the same ticks. */
  readonly label?: string | undefined;
  readonly dryRun: boolean;
  readonly output: string;
}

const LOCAL_PAUSE_MS = 300;
const PAUSE_MS = 3_000;

/** Makes the runs of a stretch of time, after it has said how many they are and what they will take. */
export async function startBackfill(flags: BackfillFlags, context: CliContext): Promise<number> {
  const { clock } = context;
  if (!(Number.isInteger(flags.maxParallel) && flags.maxParallel > 0))
    throw usageError('--max-parallel takes a whole number from 1 on');
  const opened = await openSchedules(flags, context);
  const found = findFlow(opened.workspace, flags.flow);
  if (!found.ok) throw new FaultsError('nothing to backfill', found.error, { exitCode: EXIT.notFound });
  const schedule = backfillSchedule(found.value, flags);
  const ticks = backfillTicks(schedule, flags);
  const now = clock.now();
  const by = context.env.user ?? 'cli';
  const needsOf = needsOfRun(() => opened.workspace);
  const planned = ticks.map((tick) => {
    const runId = derivedRunId('tick', 'backfill', flags.label ?? '', schedule.id, isoSeconds(tick));
    return tickRun({ ...schedule, jitterMs: 0 }, tick, { now, by, runId, needsOf });
  });
  await tellPlan(planned, flags, opened, context);
  return flags.dryRun || planned.length === 0 ? EXIT.ok : drive(planned, flags, opened, context);
}

async function tellPlan(
  planned: readonly QueuedRun[],
  { flow, maxParallel, output }: BackfillFlags,
  opened: OpenedSchedules,
  { terminal, clock }: CliContext,
): Promise<void> {
  const [first, last] = [planned[0], planned.at(-1)];
  const estimate = await estimateBackfill(opened.runs, {
    ...{ flow, count: planned.length, maxParallel, now: clock.now() },
    plan: first && planOf(opened, first),
    region: opened.connection.aws.region,
    prices: opened.connection.prices,
  });
  const [from, to] = [first, last].map((run) => (run?.tick === undefined ? null : isoSeconds(run.tick.at)));
  if (output === 'json') {
    const runs = planned.map(({ runId, tick }) => ({ runId, tick: isoSeconds(tick?.at ?? 0) }));
    terminal.data(
      JSON.stringify({ flow, from, to, maxParallel, ...estimate, cost: estimate.cost ?? null, runs }, null, 2),
    );
  }
  if (planned.length === 0) terminal.say('no tick lies in that stretch of time');
  else terminal.say(`${flow}: ${from} to ${to}, at most ${maxParallel} at once\n${estimateText(estimate)}`);
}

/** The first run stands for all: their sizes seldom differ. What cannot be planned here has no price. */
function planOf({ workspace }: OpenedSchedules, { request, runId, tick }: QueuedRun): LaunchPlan | undefined {
  const ticked = tick === undefined ? {} : { tick: tickValuesOf(tick) };
  const plan = planRun(workspace, { request, runId, attempt: 1, placement: 0, ...ticked });
  return plan.ok ? plan.value : undefined;
}

async function drive(
  planned: readonly QueuedRun[],
  { maxParallel }: BackfillFlags,
  { runs, connection }: OpenedSchedules,
  { terminal, clock, signals }: CliContext,
): Promise<number> {
  const { stop, release } = stopOnSignals(signals);
  let ended = 0;
  let exitCode: number = EXIT.ok;
  const onEnded = (run: FinishedRun): void => {
    ended += 1;
    if (exitCode === EXIT.ok) exitCode = exitCodeOf(run.status);
    const tick = isoSeconds(run.tick?.at ?? run.requestedAt);
    terminal.say(
      `${ended}/${planned.length}  ${shortIdOf(run.runId)}  ${tick}  ${statusText(run.status, terminal.style)}`,
    );
  };
  const pause = () => clock.sleep(connection.isLocal ? LOCAL_PAUSE_MS : PAUSE_MS, stop.signal);
  try {
    if (await driveBackfill({ runs, planned, maxParallel, pause, stop: stop.signal, onEnded })) return exitCode;
    terminal.say(
      `stopped after ${ended} of ${planned.length}; what is on record goes on. The same command goes on from here`,
    );
    return EXIT.interrupted;
  } finally {
    release();
  }
}
