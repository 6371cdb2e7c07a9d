import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { clusterNameOf } from '../arns.ts';
import { invalidParameter } from '../ecs-errors.ts';
import { strategyItemShape } from '../launch/run-task-shape.ts';
import { parseInput } from '../parse-input.ts';
import { type EcsStore, newCluster } from '../state/ecs-store.ts';
import type { ClusterRecord, TaskRecord } from '../state/records.ts';
import { checkTags } from '../tags/check-tags.ts';
import { tagShape } from '../tags/tag-shape.ts';
import { checkStrategy, FARGATE_PROVIDERS } from './check-strategy.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

const createShape = z.object({
  clusterName: z.string().default('default'),
  tags: z.array(tagShape).default([]),
  settings: z.array(z.unknown()).optional(),
  configuration: z.unknown().optional(),
  capacityProviders: z.array(z.string()).default([]),
  defaultCapacityProviderStrategy: z.array(strategyItemShape).default([]),
});
const describeShape = z.object({
  clusters: z.array(z.string()).default(['default']),
  include: z.array(z.string()).default([]),
});
const deleteShape = z.object({ cluster: z.string() });
const listShape = z.object({
  maxResults: z.number().int().min(1).max(100).default(100),
  nextToken: z.string().optional(),
});
const providersShape = z.object({
  cluster: z.string(),
  capacityProviders: z.array(z.string()),
  defaultCapacityProviderStrategy: z.array(strategyItemShape),
});

/** CreateCluster: a cluster of that name that exists already is told as it is. */
export function createCluster(store: EcsStore, input: unknown): unknown {
  const given = parseInput(createShape, input);
  if (!NAME.test(given.clusterName)) throw invalidParameter(`Invalid cluster name: '${given.clusterName}'.`);
  const existing = store.state.clusters.get(given.clusterName);
  if (existing?.status === 'ACTIVE') return { cluster: clusterView(existing, store, ['TAGS']) };
  checkTags(given.tags);
  checkProviders(given.capacityProviders);
  checkStrategy(given.defaultCapacityProviderStrategy, given.capacityProviders);
  const blank = newCluster(given.clusterName);
  const cluster: ClusterRecord = {
    ...blank,
    capacityProviders: given.capacityProviders,
    defaultStrategy: given.defaultCapacityProviderStrategy,
    settings: given.settings ?? blank.settings,
    configuration: given.configuration,
    tags: given.tags,
  };
  store.change({ kind: 'cluster', cluster });
  return { cluster: clusterView(cluster, store, ['TAGS']) };
}

export function describeClusters(store: EcsStore, input: unknown): unknown {
  const { clusters, include } = parseInput(describeShape, input);
  const names = clusters.map(clusterNameOf);
  const found = names.flatMap((name) => store.state.clusters.get(name) ?? []);
  const missing = names.filter((name) => !store.state.clusters.has(name));
  return {
    clusters: found.map((cluster) => clusterView(cluster, store, include)),
    failures: missing.map((name) => ({ arn: store.arns.cluster(name), reason: 'MISSING' })),
  };
}

export function listClusters(store: EcsStore, input: unknown): unknown {
  const { maxResults, nextToken } = parseInput(listShape, input);
  const start = Number(nextToken ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('Invalid token.');
  const active = [...store.state.clusters.values()].filter(({ status }) => status === 'ACTIVE');
  const page = active.slice(start, start + maxResults);
  return {
    clusterArns: page.map(({ name }) => store.arns.cluster(name)),
    ...(start + maxResults < active.length ? { nextToken: String(start + maxResults) } : {}),
  };
}

/** DeleteCluster: the cluster becomes INACTIVE, and stays to be described. */
export function deleteCluster(store: EcsStore, input: unknown): unknown {
  const cluster = store.requireCluster(parseInput(deleteShape, input).cluster);
  if (activeTasksOf(cluster, store).length > 0) {
    throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  const inactive: ClusterRecord = { ...cluster, status: 'INACTIVE' };
  store.change({ kind: 'cluster', cluster: inactive });
  return { cluster: clusterView(inactive, store, []) };
}

export function putClusterCapacityProviders(store: EcsStore, input: unknown): unknown {
  const given = parseInput(providersShape, input);
  const cluster = store.requireCluster(given.cluster);
  checkProviders(given.capacityProviders);
  checkStrategy(given.defaultCapacityProviderStrategy, given.capacityProviders);
  const changed: ClusterRecord = {
    ...cluster,
    capacityProviders: given.capacityProviders,
    defaultStrategy: given.defaultCapacityProviderStrategy,
  };
  store.change({ kind: 'cluster', cluster: changed });
  return { cluster: clusterView(changed, store, []) };
}

function checkProviders(names: readonly string[]): void {
  const unknown = names.find((name) => !FARGATE_PROVIDERS.has(name));
  if (unknown === undefined) return;
  throw invalidParameter(
    `The specified capacity provider '${unknown}' was not found. Specify a valid name or ARN and try again.`,
  );
}

function activeTasksOf(cluster: ClusterRecord, store: EcsStore): readonly TaskRecord[] {
  return [...store.state.tasks.values()].filter(
    (task) => task.cluster === cluster.name && task.lastStatus !== 'STOPPED',
  );
}

function clusterView(cluster: ClusterRecord, store: EcsStore, include: readonly string[]): unknown {
  const running = activeTasksOf(cluster, store);
  const pending = running.filter(({ lastStatus }) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus));
  return {
    clusterArn: store.arns.cluster(cluster.name),
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: running.length - pending.length,
    pendingTasksCount: pending.length,
    activeServicesCount: 0,
    statistics: [],
    tags: include.includes('TAGS') ? cluster.tags : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    ...(include.includes('CONFIGURATIONS') ? { configuration: cluster.configuration } : {}),
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultStrategy,
  };
}
