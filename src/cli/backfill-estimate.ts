import { fargatePrice, type PriceOverride, type TaskSize } from '../core/fargate-price.ts';
import { PRICES_OF } from '../core/fargate-prices.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { moneyText } from './print-cost.ts';
import { durationText } from './print-time.ts';

/** What many runs of a flow will probably take. */
export interface BackfillEstimate {
  readonly count: number;
  /** Of one run. */
  readonly runMs: number;
  /** Of how many ended runs it is the median; 0 if it is a guess. */
  readonly basis: number;
  readonly totalMs: number;
  /** US dollars, on demand; undefined where no price is known or the task does not run on Fargate. */
  readonly cost: number | undefined;
}

/** How many of the flow's newest runs are looked at, and what a run takes of which none has ended. */
const SAMPLE = 50;
const GUESS_MS = 60_000;

/** Estimates by how long the flow's last runs took, and by the size of the planned task. */
export async function estimateBackfill(
  runs: RunStore,
  { flow, count, maxParallel, plan, region, prices, now }: EstimateInput,
): Promise<BackfillEstimate> {
  const page = await runs.list({ flow, status: 'SUCCEEDED', until: now, limit: SAMPLE });
  const taken = page.runs.flatMap(taskMsOf).sort((a, b) => a - b);
  const runMs = taken[Math.floor(taken.length / 2)] ?? GUESS_MS;
  const size = plan && sizeOf(plan);
  const price = size && region !== undefined ? fargatePrice(size, runMs, region, prices) : undefined;
  return {
    count,
    runMs,
    basis: taken.length,
    totalMs: Math.ceil(count / maxParallel) * runMs,
    cost: price === undefined ? undefined : price * count,
  };
}

export interface EstimateInput {
  readonly flow: string;
  readonly count: number;
  readonly maxParallel: number;
  readonly plan: LaunchPlan | undefined;
  readonly region: string | undefined;
  readonly prices: PriceOverride;
  readonly now: number;
}

/** `31 runs, about 12m00s (1m58s each, the median of 14 runs), ≈ $0.05 on demand (prices of 2026-06)`. */
export function estimateText({ count, runMs, basis, totalMs, cost }: BackfillEstimate): string {
  const source =
    basis === 0 ? 'a guess: no run has succeeded yet' : `the median of ${basis} ${basis === 1 ? 'run' : 'runs'}`;
  const price = cost === undefined ? 'cost unknown' : `≈ $${moneyText(cost)} on demand (prices of ${PRICES_OF})`;
  const runs = count === 1 ? '1 run' : `${count} runs`;
  return `${runs}, about ${durationText(totalMs)} (${durationText(runMs)} each, ${source}), ${price}`;
}

function taskMsOf(run: FlowRun): readonly number[] {
  if (!isFinished(run) || run.task === undefined) return [];
  return [Math.max(run.finishedAt - run.task.launchedAt, 0)];
}

/** What the task is given, overrides before the definition; nothing for one that exists already and says no sizes here. */
function sizeOf({ definition, runTask }: LaunchPlan): TaskSize | undefined {
  const input = definition.kind === 'register' ? definition.input : undefined;
  const cpu = Number(runTask.overrides?.cpu ?? input?.cpu);
  const memory = Number(runTask.overrides?.memory ?? input?.memory);
  if (!(cpu > 0 && memory > 0) || runTask.launchType === 'EC2' || runTask.launchType === 'EXTERNAL') return undefined;
  const storage = runTask.overrides?.ephemeralStorage?.sizeInGiB ?? input?.ephemeralStorage?.sizeInGiB;
  const architecture = input?.runtimePlatform?.cpuArchitecture;
  return {
    cpu,
    memory,
    ...(storage === undefined ? {} : { ephemeralStorage: storage }),
    ...(architecture === 'ARM64' ? { architecture } : {}),
  };
}
