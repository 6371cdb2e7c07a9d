import type { Fault } from '../../core/fault.ts';
import { type ConfigNode, child, itemsOf, type MapNode, textOf } from '../config-node.ts';
import { tagFaults } from './tags.ts';

/** ECS's limits (API AwsVpcConfiguration, API RunTask). */
const MOST = { subnets: 16, securityGroups: 5, providers: 20 } as const;
const FARGATE_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/** What is wrong with a RunTask request. `awsvpc` is the word that gives the task a network interface of its own, if it has one. */
export function runTaskFaults(runTask: MapNode, onFargate: boolean, awsvpc: ConfigNode | undefined): readonly Fault[] {
  return [
    ...(awsvpc === undefined ? [] : networkFaults(runTask, awsvpc)),
    ...strategyFaults(child(runTask, 'capacityProviderStrategy')),
    ...launchTypeFaults(runTask),
    ...tagFaults(child(runTask, 'tags')),
    ...(onFargate ? placementFaults(runTask) : []),
  ];
}

function networkFaults(runTask: MapNode, awsvpc: ConfigNode): readonly Fault[] {
  const vpc = child(child(runTask, 'networkConfiguration'), 'awsvpcConfiguration');
  const subnets = itemsOf(vpc, 'subnets').length;
  const groups = itemsOf(vpc, 'securityGroups').length;
  const { origin: place } = child(vpc, 'subnets') ?? vpc ?? awsvpc;
  const needsOne = {
    message: 'a task with networkMode awsvpc needs at least one subnet',
    hint: 'set ecs.network.subnets in agent.yaml, or ecs.inherit: current-task',
  };
  if (subnets === 0) return [{ ...(place.file === 'built-in' ? {} : { place }), ...needsOne }];
  const many = `there are ${subnets} subnets; ECS takes at most ${MOST.subnets}`;
  const crowded = `there are ${groups} securityGroups; ECS takes at most ${MOST.securityGroups}`;
  return [
    ...(subnets > MOST.subnets ? [{ place, message: many }] : []),
    ...(groups > MOST.securityGroups
      ? [{ place: child(vpc, 'securityGroups')?.origin ?? place, message: crowded }]
      : []),
  ];
}

/** A strategy whose weights are all 0 places nothing, and 0 is the default (API CapacityProviderStrategyItem). */
function strategyFaults(strategy: ConfigNode | undefined): readonly Fault[] {
  if (strategy?.kind !== 'list') return [];
  const { items, origin: place } = strategy;
  const names = items.map((item) => textOf(item, 'capacityProvider') ?? '');
  const ofFargate = names.filter((name) => FARGATE_PROVIDERS.includes(name)).length;
  const based = items.filter((item) => amount(item, 'base') > 0).length;
  const rules: readonly (readonly [boolean, string, string])[] = [
    [items.length > MOST.providers, `there are ${items.length} of them`, `ECS takes at most ${MOST.providers}`],
    [names.includes(''), 'an entry names no capacityProvider', 'name one'],
    [items.every((item) => amount(item, 'weight') === 0), 'all weights are 0', 'give one a weight of 1 or more'],
    [based > 1, 'more than one has a base', 'only one may have one'],
    [
      ofFargate > 0 && ofFargate < names.length,
      'Fargate and other providers are mixed',
      'ECS takes one kind at a time',
    ],
  ];
  return rules
    .filter(([broken]) => broken)
    .map(([, what, hint]) => ({ place, message: `capacityProviderStrategy: ${what}`, hint }));
}

function amount(item: ConfigNode, key: 'base' | 'weight'): number {
  const value = child(item, key);
  return value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : 0;
}

function launchTypeFaults(runTask: MapNode): readonly Fault[] {
  const launchType = child(runTask, 'launchType');
  if (launchType === undefined || textOf(runTask, 'launchType') !== 'MANAGED_INSTANCES') return [];
  return [
    {
      place: launchType.origin,
      message: 'launchType MANAGED_INSTANCES starts no task',
      hint: 'name its capacity provider in capacityProviderStrategy',
    },
  ];
}

function placementFaults(runTask: MapNode): readonly Fault[] {
  return (['placementConstraints', 'placementStrategy'] as const).flatMap((key) => {
    const value = child(runTask, key);
    return value?.kind === 'list' && value.items.length > 0
      ? [{ place: value.origin, message: `${key} is not for Fargate` }]
      : [];
  });
}
