import { fargatePrice, type PriceOverride, type TaskSize } from './fargate-price.ts';
import type { ObservedTask } from './observation.ts';
import { readObservation } from './read-observation.ts';
import type { AttemptRecord, FlowRun } from './run.ts';

/** About what the ended attempts of a run have cost on Fargate. */
export interface RunCost {
  /** US dollars, at the prices on demand. */
  readonly dollars: number;
  /** Attempts that the sum is of, those that cost nothing included. */
  readonly priced: number;
  /** Attempts that ran on something else, or of which size, time or region are not known. */
  readonly unpriced: number;
  /** Of the priced ones, those on Spot: it costs less, at a price that changes. */
  readonly onSpot: number;
  /** Regions of attempts on Fargate that no price is known for: `prices` of agent.yaml can say them. */
  readonly regionsWithoutPrice: readonly string[];
}

const NOTHING: RunCost = { dollars: 0, priced: 0, unpriced: 0, onSpot: 0, regionsWithoutPrice: [] };

/** Adds up the attempts by ECS's last word on their tasks; an attempt without a task costs nothing. */
export function runCost({ attempts }: Pick<FlowRun, 'attempts'>, override: PriceOverride = {}): RunCost {
  return sumOfCosts(attempts.map((attempt) => attemptCost(attempt, override)));
}

export function sumOfCosts(costs: readonly RunCost[]): RunCost {
  return costs.reduce(
    (sum, { dollars, priced, unpriced, onSpot, regionsWithoutPrice }) => ({
      dollars: sum.dollars + dollars,
      priced: sum.priced + priced,
      unpriced: sum.unpriced + unpriced,
      onSpot: sum.onSpot + onSpot,
      regionsWithoutPrice: [...new Set([...sum.regionsWithoutPrice, ...regionsWithoutPrice])],
    }),
    NOTHING,
  );
}

function attemptCost({ taskArn, observation, finishedAt }: AttemptRecord, override: PriceOverride): RunCost {
  if (taskArn === undefined) return { ...NOTHING, priced: 1 };
  const seen = readObservation(observation);
  const size = seen && sizeOf(seen);
  const region = taskArn.split(':')[3] ?? '';
  const durationMs = seen && paidMs(seen, finishedAt);
  if (seen === undefined || size === undefined || durationMs === undefined) return { ...NOTHING, unpriced: 1 };
  const dollars = durationMs === 0 ? 0 : fargatePrice(size, durationMs, region, override);
  if (dollars === undefined) return { ...NOTHING, unpriced: 1, regionsWithoutPrice: [region] };
  return { ...NOTHING, dollars, priced: 1, onSpot: seen.capacityProvider === 'FARGATE_SPOT' ? 1 : 0 };
}

/**
 * From the download of the image to the end of the task (AWS Fargate Pricing, "Duration"): nothing for a task that ended
 * before that began. An attempt may have ended while ECS was still taking its task down: then its own end is the estimate.
 */
function paidMs({ pullStartedAt, startedAt, stoppedAt }: ObservedTask, finishedAt: number): number {
  const from = pullStartedAt ?? startedAt;
  return from === undefined ? 0 : Math.max((stoppedAt ?? finishedAt) - from, 1);
}

function sizeOf({
  cpu,
  memory,
  ephemeralStorage,
  architecture,
  launchType,
  capacityProvider,
}: ObservedTask): TaskSize | undefined {
  const onFargate = launchType === 'FARGATE' || capacityProvider?.startsWith('FARGATE') === true;
  if (!onFargate || cpu === undefined || memory === undefined) return undefined;
  return {
    cpu,
    memory,
    ...(ephemeralStorage === undefined ? {} : { ephemeralStorage }),
    architecture: architecture === 'arm64' ? 'ARM64' : 'X86_64',
  };
}
