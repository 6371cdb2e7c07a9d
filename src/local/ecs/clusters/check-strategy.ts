import { invalidParameter } from '../ecs-errors.ts';
import type { StrategyItem } from '../state/records.ts';

const MAX_ITEMS = 20;
const MAX_WEIGHT = 1000;
const MAX_BASE = 100_000;

/** The capacity providers that exist without being made (API `PutClusterCapacityProviders`). */
export const FARGATE_PROVIDERS: ReadonlySet<string> = new Set(['FARGATE', 'FARGATE_SPOT']);

/** Refuses a strategy as ECS does; its providers must be associated with the cluster. */
export function checkStrategy(strategy: readonly StrategyItem[], associated: readonly string[]): void {
  if (strategy.length > MAX_ITEMS) {
    throw invalidParameter(`A capacity provider strategy can contain at most ${MAX_ITEMS} capacity providers.`);
  }
  for (const item of strategy) checkItem(item, associated);
  if (strategy.filter(({ base }) => base > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a capacity provider strategy can have a base value defined.');
  }
  if (strategy.length > 1 && strategy.every(({ weight }) => weight === 0)) {
    throw invalidParameter(
      'A capacity provider strategy with several capacity providers must contain one with a weight greater than 0.',
    );
  }
}

function checkItem({ capacityProvider, weight, base }: StrategyItem, associated: readonly string[]): void {
  if (weight < 0 || weight > MAX_WEIGHT)
    throw invalidParameter(`Weight must be between 0 and ${MAX_WEIGHT}, not ${weight}.`);
  if (base < 0 || base > MAX_BASE) throw invalidParameter(`Base must be between 0 and ${MAX_BASE}, not ${base}.`);
  if (!FARGATE_PROVIDERS.has(capacityProvider)) {
    throw invalidParameter(
      `The specified capacity provider '${capacityProvider}' was not found. Specify a valid name or ARN and try again.`,
    );
  }
  if (!associated.includes(capacityProvider)) {
    throw invalidParameter(
      `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster: '${capacityProvider}'. Associate the capacity provider with the cluster and try again.`,
    );
  }
}
