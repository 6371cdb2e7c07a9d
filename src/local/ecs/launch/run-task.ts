import { cpuUnitsOf } from '../definitions/fargate-sizes.ts';
import { clientError } from '../ecs-errors.ts';
import type { EcsFaults } from '../ecs-faults.ts';
import type { EcsSettings } from '../ecs-options.ts';
import { parseInput } from '../parse-input.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import type { Failure, TaskRecord, TokenRecord } from '../state/records.ts';
import { taskView } from '../tasks/task-view.ts';
import type { TokenBuckets } from '../token-buckets.ts';
import { checkAgainstDefinition, checkRequest } from './check-run-task.ts';
import { type Capacity, chooseCapacity } from './choose-capacity.ts';
import { fingerprintOf, replay, tokenKeyOf } from './client-tokens.ts';
import { type Launch, newTask } from './new-task.ts';
import { runTaskShape } from './run-task-shape.ts';

/** Words of ECS for a quota that is used up (service event messages; the apostrophe is theirs). */
const QUOTA_REASON = 'You’ve reached the limit on the number of vCPUs you can run concurrently';

export interface RunTaskTools {
  readonly store: EcsStore;
  readonly settings: EcsSettings;
  readonly faults: EcsFaults;
  readonly buckets: TokenBuckets;
  readonly region: string;
  /** Begins the life of a task that has just been recorded. */
  readonly begin: (task: TaskRecord) => void;
}

/**
 * RunTask. Everything happens in one turn of the event loop, so no two calls with one token can both launch; tasks and
 * token are durable before the first task begins.
 */
export function runTask(tools: RunTaskTools, given: unknown): unknown {
  const { store } = tools;
  const input = parseInput(runTaskShape, given);
  checkRequest(input);
  const cluster = store.requireCluster(input.cluster);
  const definition = store.findDefinition(input.taskDefinition);
  if (!definition) throw clientError('TaskDefinition not found.');

  const tokenKey = input.clientToken === undefined ? undefined : tokenKeyOf(cluster.name, input.clientToken);
  const fingerprint = fingerprintOf(input, store.arns.definition(definition.family, definition.revision));
  const known = tokenKey === undefined ? undefined : store.findToken(tokenKey);
  if (known) return replay(store, known, fingerprint);

  const capacities = chooseCapacity(input, cluster, tools.settings.containerInstances ?? true);
  checkAgainstDefinition(input, definition, [...new Set(capacities.map(({ launchType }) => launchType))]);
  const spot = capacities.filter(({ capacityProviderName }) => capacityProviderName === 'FARGATE_SPOT').length;
  const fargate = capacities.filter(({ launchType }) => launchType === 'FARGATE').length;
  tools.buckets.takeForFargate(fargate - spot, spot);
  const launch: Launch = {
    input,
    cluster,
    definition,
    tokenKey,
    region: tools.region,
    arns: store.arns,
    now: store.now(),
    injected: tools.faults.injectedContainers({ family: definition.family, startedBy: input.startedBy }),
  };
  const placed = place(tools, launch, capacities);
  return commit(tools, launch, placed, fingerprint);
}

interface Placed {
  readonly tasks: TaskRecord[];
  /** Tasks that start although the answer does not tell of them. */
  readonly hidden: TaskRecord[];
  readonly failures: Failure[];
}

function place(tools: RunTaskTools, launch: Launch, capacities: readonly Capacity[]): Placed {
  const placed: Placed = { tasks: [], hidden: [], failures: [] };
  const quota = new VcpuQuota(tools);
  for (const capacity of capacities) {
    const task = newTask(launch, capacity);
    const fault = tools.faults.capacity(task);
    const failure = fault?.failure ?? quota.failureOf(task);
    if (failure) placed.failures.push(failure);
    if (!failure) placed.tasks.push(task);
    else if (fault?.startTaskAnyway) placed.hidden.push(task);
  }
  return placed;
}

/** Counts what the tasks of a call add to the Fargate vCPUs in use. */
class VcpuQuota {
  readonly #settings: EcsSettings;
  #cpuUnits: number;

  constructor({ settings, store }: RunTaskTools) {
    this.#settings = settings;
    this.#cpuUnits = store.state.index.activeCpuUnits;
  }

  failureOf(task: TaskRecord): Failure | undefined {
    const cpuUnits = task.launchType === 'FARGATE' ? (cpuUnitsOf(task.cpu ?? '') ?? 0) : 0;
    const { maxVcpus = Number.POSITIVE_INFINITY, quotaAnswer } = this.#settings;
    if (this.#cpuUnits + cpuUnits > maxVcpus * 1024) {
      if (quotaAnswer === 'exception') throw clientError(QUOTA_REASON);
      return { reason: QUOTA_REASON };
    }
    this.#cpuUnits += cpuUnits;
    return undefined;
  }
}

function commit(tools: RunTaskTools, launch: Launch, placed: Placed, fingerprint: string): unknown {
  const { tasks, hidden, failures } = placed;
  const started = [...tasks, ...hidden];
  const isBinding = started.length > 0 || (tools.settings.failuresUseToken ?? true);
  const token: TokenRecord | undefined =
    launch.tokenKey === undefined || !isBinding
      ? undefined
      : {
          key: launch.tokenKey,
          fingerprint,
          createdAt: launch.now,
          taskArns: tasks.map(({ arn }) => arn),
          failures,
          unfinished: tasks.length,
        };
  tools.store.addTasks(started, token);
  for (const task of started) tools.begin(task);
  return { tasks: tasks.map((task) => taskView(task, tools.store.arns, { withTags: true })), failures };
}
