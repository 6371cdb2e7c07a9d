import { availableParallelism } from 'node:os';
import type { DefinitionFacts } from '../iam/ecs-access.ts';
import { AwsError, type JsonCall, type JsonService } from '../service.ts';
import { Arns } from './arns.ts';
import {
  createCluster,
  deleteCluster,
  describeClusters,
  listClusters,
  putClusterCapacityProviders,
} from './clusters/cluster-operations.ts';
import { DefinitionOperations } from './definitions/definition-operations.ts';
import { listDefinitions, listFamilies } from './definitions/list-definitions.ts';
import { EcsFaults } from './ecs-faults.ts';
import { DEFAULT_DELAYS, type EcsOptions, type EcsSettings } from './ecs-options.ts';
import { runTask } from './launch/run-task.ts';
import { MetadataEndpoint } from './processes/metadata-endpoint.ts';
import { ProcessSlots } from './processes/process-slots.ts';
import { TaskFleet } from './processes/task-fleet.ts';
import { WorkFolders } from './processes/work-folders.ts';
import { EcsStore } from './state/ecs-store.ts';
import type { DefinitionRecord } from './state/records.ts';
import { listTagsForResource, tagResource, untagResource } from './tags/tag-operations.ts';
import { EventFeed } from './tasks/event-feed.ts';
import { TaskOperations } from './tasks/task-operations.ts';
import { taskProtection } from './tasks/task-protection.ts';
import { AWS_BUCKETS, TokenBuckets } from './token-buckets.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_MAX_PROCESSES = 200;
const STARTS_PER_PROCESSOR = 2;

/** Local ECS, and what can be made to go wrong in it. */
export interface EcsService extends JsonService {
  readonly faults: EcsFaults;
  /** The definition that a RunTask would take; undefined for one that is not there. */
  readonly definitionNamed: (reference: string) => DefinitionFacts | undefined;
}

type Operations = Readonly<Record<string, (input: unknown) => unknown>>;

/**
 * ECS whose tasks are processes of this machine:
 *
 *     call ─> token buckets ─> operation ─> store (journal) ─> event feed ─> queue
 *                                  └─ RunTask ─> fleet ─> task life ─> containers ─> processes ─> Logs
 *
 * Tasks that an earlier local ECS left behind in `stateDir` are taken up or ended at once.
 */
export function createEcs(options: EcsOptions): EcsService {
  const settings = options.settings ?? {};
  const arns = new Arns(options.region, options.accountId);
  const faults = new EcsFaults({
    stop: (arn, stopCode, reason) => fleet.stop(arn, stopCode, reason),
    outOfMemory: (arn, container) => fleet.outOfMemory(arn, container),
    forget: (arn) => store.noteTask(arn, { forgotten: true }),
  });
  const feed = new EventFeed({ ...options, arns, faults, queueUrl: settings.eventsQueueUrl });
  const store = new EcsStore({
    ...options,
    arns,
    stoppedRetentionMs: settings.stoppedRetentionMs ?? HOUR_MS,
    onChange: (task) => feed.publish(task),
  });
  const metadata = new MetadataEndpoint(store);
  const slots = new ProcessSlots(settings.maxProcesses ?? DEFAULT_MAX_PROCESSES);
  const starts = new ProcessSlots(settings.maxStarting ?? STARTS_PER_PROCESSOR * availableParallelism());
  const delays = { ...DEFAULT_DELAYS, ...settings.delays };
  const workFolders = new WorkFolders(options.stateDir);
  const fleet = new TaskFleet({ ...options, store, faults, delays, slots, starts, metadata, workFolders });
  const buckets = new TokenBuckets(bucketLimits(settings), () => options.clock.now());
  const operations = operationsOf(options, { store, fleet, faults, buckets });
  fleet.resume();
  return {
    name: 'ecs',
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    contentType: 'application/x-amz-json-1.1',
    faults,
    definitionNamed: (reference) => {
      const found = store.findDefinition(reference);
      return found && { ...found, ...rolesOf(found.definition) };
    },
    call: async ({ operation, input }: JsonCall) => {
      const run = operations[operation];
      if (!run) throw new AwsError('UnknownOperationException', `Local ECS does not know the operation ${operation}.`);
      buckets.takeFor(operation);
      store.sweep();
      return await run(input);
    },
    close: async () => {
      await fleet.close();
      await metadata.close();
      feed.release();
      store.close();
    },
  };
}

function rolesOf({ taskRoleArn, executionRoleArn }: DefinitionRecord['definition']) {
  return { taskRoleArn, executionRoleArn };
}

interface Parts {
  readonly store: EcsStore;
  readonly fleet: TaskFleet;
  readonly faults: EcsFaults;
  readonly buckets: TokenBuckets;
}

function operationsOf(options: EcsOptions, { store, fleet, faults, buckets }: Parts): Operations {
  const { clock, region, settings = {} } = options;
  const delay = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const definitions = new DefinitionOperations(store, settings.delays?.registeringMs ?? 0, delay);
  const tasks = new TaskOperations(store, settings.missingWindowMs ?? 0, (arn, reason) =>
    fleet.stop(arn, 'UserInitiated', reason),
  );
  const begin = ({ arn }: { readonly arn: string }) => fleet.begin(arn);
  return {
    CreateCluster: (input) => createCluster(store, input),
    DescribeClusters: (input) => describeClusters(store, input),
    ListClusters: (input) => listClusters(store, input),
    DeleteCluster: (input) => deleteCluster(store, input),
    PutClusterCapacityProviders: (input) => putClusterCapacityProviders(store, input),
    RegisterTaskDefinition: (input) => definitions.register(input),
    DeregisterTaskDefinition: (input) => definitions.deregister(input),
    DescribeTaskDefinition: (input) => definitions.describe(input),
    DeleteTaskDefinitions: (input) => definitions.delete(input),
    ListTaskDefinitions: (input) => listDefinitions(store, input),
    ListTaskDefinitionFamilies: (input) => listFamilies(store, input),
    RunTask: (input) => runTask({ store, settings, faults, buckets, region, begin }, input),
    StopTask: (input) => tasks.stop(input),
    DescribeTasks: (input) => tasks.describe(input),
    ListTasks: (input) => tasks.list(input),
    ExecuteCommand: (input) => tasks.executeCommand(input),
    GetTaskProtection: (input) => taskProtection(store, input),
    UpdateTaskProtection: (input) => taskProtection(store, input),
    TagResource: (input) => tagResource(store, input),
    UntagResource: (input) => untagResource(store, input),
    ListTagsForResource: (input) => listTagsForResource(store, input),
  };
}

function bucketLimits({ buckets = 'off' }: EcsSettings): Readonly<Partial<typeof AWS_BUCKETS>> {
  if (buckets === 'off') return {};
  return buckets === 'aws' ? AWS_BUCKETS : buckets;
}
