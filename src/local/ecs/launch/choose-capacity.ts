import { checkStrategy } from '../clusters/check-strategy.ts';
import { invalidParameter } from '../ecs-errors.ts';
import type { ClusterRecord, StrategyItem } from '../state/records.ts';
import type { RunTaskInput } from './run-task-shape.ts';

/** Where one task of a call goes. */
export interface Capacity {
  readonly launchType: string;
  readonly capacityProviderName?: string;
}

const LAUNCH_TYPES: ReadonlySet<string> = new Set(['EC2', 'FARGATE', 'EXTERNAL']);

/**
 * The capacity for each task of a call: its launch type, or its strategy, or the cluster's default strategy, or EC2,
 * which is what ECS falls back to (API `RunTask`).
 */
export function chooseCapacity(
  input: RunTaskInput,
  cluster: ClusterRecord,
  hasInstances: boolean,
): readonly Capacity[] {
  const { launchType, capacityProviderStrategy, count } = input;
  if (launchType !== undefined && capacityProviderStrategy !== undefined) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const strategy = capacityProviderStrategy ?? cluster.defaultStrategy;
  if (launchType === undefined && strategy.length > 0) {
    checkStrategy(strategy, cluster.capacityProviders);
    return spread(strategy, count).map((capacityProviderName) => ({ launchType: 'FARGATE', capacityProviderName }));
  }
  return Array.from({ length: count }, () => ({ launchType: checkedLaunchType(launchType ?? 'EC2', hasInstances) }));
}

function checkedLaunchType(launchType: string, hasInstances: boolean): string {
  if (launchType === 'MANAGED_INSTANCES') {
    throw invalidParameter('The launch type MANAGED_INSTANCES is used through a capacity provider strategy.');
  }
  if (!LAUNCH_TYPES.has(launchType))
    throw invalidParameter(`Launch type '${launchType}' is not one of ${[...LAUNCH_TYPES].join(', ')}.`);
  if (launchType !== 'FARGATE' && !hasInstances)
    throw invalidParameter('No Container Instances were found in your cluster.');
  return launchType;
}

/** Fills the base first, then keeps the providers' shares as near to their weights as whole tasks allow. */
function spread(strategy: readonly StrategyItem[], count: number): readonly string[] {
  const taken = new Map<string, number>();
  const chosen: string[] = [];
  while (chosen.length < count) {
    const short = strategy.find(({ base, capacityProvider }) => (taken.get(capacityProvider) ?? 0) < base);
    const next = short ?? mostOwed(strategy, taken);
    taken.set(next.capacityProvider, (taken.get(next.capacityProvider) ?? 0) + 1);
    chosen.push(next.capacityProvider);
  }
  return chosen;
}

function mostOwed(strategy: readonly StrategyItem[], taken: ReadonlyMap<string, number>): StrategyItem {
  const shareOf = ({ capacityProvider, weight, base }: StrategyItem) =>
    ((taken.get(capacityProvider) ?? 0) - base + 1) / Math.max(weight, Number.MIN_VALUE);
  return strategy.reduce((best, item) => (shareOf(item) < shareOf(best) ? item : best));
}
