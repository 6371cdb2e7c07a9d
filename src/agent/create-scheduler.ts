import type { FlowRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { assertClockSkew } from '../core/schedules/clock-skew.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import type { Beats } from '../service/beat.ts';
import type { Workspace } from '../templates/workspace.ts';
import type { AgentPace } from './agent-pace.ts';
import type { AwsPorts } from './connect-aws.ts';
import { needsOfRun } from './needs-of-run.ts';
import { Scheduler, type SchedulerOptions } from './run-schedules.ts';
import type { WorkspaceKeeper } from './workspace-keeper.ts';

export interface SchedulerTools {
  readonly aws: Pick<AwsPorts, 'schedules' | 'watchClock'>;
  readonly table: string;
  readonly store: RunStore;
  readonly keeper: WorkspaceKeeper;
  readonly beats: Beats;
  readonly pace: AgentPace;
  readonly by: string;
  readonly now: () => number;
  readonly loop: Pick<SchedulerOptions, 'clock' | 'log' | 'onTrouble' | 'onRound' | 'onTick'>;
}

const EVERY_MINUTE = '* * * * *';

/** The scheduler of an agent, over the schedules of its flows as they are at any moment. */
export function createScheduler(tools: SchedulerTools, onMade: (run: FlowRun) => void): Scheduler {
  const { aws, table, store, keeper, beats, pace, by, now, loop } = tools;
  const skewMs = aws.watchClock(now);
  const scheduler = new Scheduler({
    ...loop,
    decide: {
      schedules: aws.schedules(table, loop.clock),
      runs: store,
      now,
      by,
      needsOf: needsOfRun(() => keeper.current),
      assertClock: () => assertClockSkew(skewMs()),
    },
    current: schedulesOf(keeper),
    beat: beats(EVERY_MINUTE),
    onMade,
    waitingMs: pace.waitingTicksMs,
  });
  keeper.onChange(() => scheduler.wake());
  return scheduler;
}

/** The same list as long as the workspace is the same. */
function schedulesOf(keeper: WorkspaceKeeper): () => readonly Schedule[] {
  let seen: Workspace | undefined;
  let schedules: readonly Schedule[] = [];
  return () => {
    if (keeper.current !== seen) {
      seen = keeper.current;
      schedules = [...seen.flows.values()].flatMap((flow) => flow.schedules);
    }
    return schedules;
  };
}
