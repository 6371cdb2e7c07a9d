import { throttled } from './ecs-errors.ts';

export interface BucketLimits {
  readonly burst: number;
  readonly refillPerSecond: number;
}

export type BucketName =
  | 'cluster-resource-modify'
  | 'cluster-resource-read'
  | 'task-definition-modify'
  | 'task-definition-read'
  | 'task-definition-delete'
  | 'cluster-read'
  | 'cluster-modify'
  | 'tag-modify'
  | 'tag-read'
  | 'fargate-run-task'
  | 'fargate-launch'
  | 'fargate-spot-launch';

/** Amazon ECS API Reference, `request-throttling`, and AWS Fargate throttling quotas of the large Regions. */
export const AWS_BUCKETS: Readonly<Record<BucketName, BucketLimits>> = {
  'cluster-resource-modify': { burst: 100, refillPerSecond: 40 },
  'cluster-resource-read': { burst: 100, refillPerSecond: 20 },
  'task-definition-modify': { burst: 20, refillPerSecond: 1 },
  'task-definition-read': { burst: 50, refillPerSecond: 20 },
  'task-definition-delete': { burst: 5, refillPerSecond: 1 },
  'cluster-read': { burst: 50, refillPerSecond: 20 },
  'cluster-modify': { burst: 20, refillPerSecond: 1 },
  'tag-modify': { burst: 20, refillPerSecond: 10 },
  'tag-read': { burst: 50, refillPerSecond: 20 },
  'fargate-run-task': { burst: 20, refillPerSecond: 20 },
  'fargate-launch': { burst: 100, refillPerSecond: 20 },
  'fargate-spot-launch': { burst: 100, refillPerSecond: 20 },
};

const BUCKET_OF: Readonly<Record<string, BucketName>> = {
  RunTask: 'cluster-resource-modify',
  StopTask: 'cluster-resource-modify',
  ExecuteCommand: 'cluster-resource-modify',
  UpdateTaskProtection: 'cluster-resource-modify',
  DescribeTasks: 'cluster-resource-read',
  ListTasks: 'cluster-resource-read',
  GetTaskProtection: 'cluster-resource-read',
  RegisterTaskDefinition: 'task-definition-modify',
  DeregisterTaskDefinition: 'task-definition-modify',
  DescribeTaskDefinition: 'task-definition-read',
  ListTaskDefinitions: 'task-definition-read',
  ListTaskDefinitionFamilies: 'task-definition-read',
  DeleteTaskDefinitions: 'task-definition-delete',
  DescribeClusters: 'cluster-read',
  ListClusters: 'cluster-read',
  CreateCluster: 'cluster-modify',
  DeleteCluster: 'cluster-modify',
  PutClusterCapacityProviders: 'cluster-modify',
  TagResource: 'tag-modify',
  UntagResource: 'tag-modify',
  ListTagsForResource: 'tag-read',
};

/** The API's rates: a call that finds its bucket empty is throttled. A bucket without limits never is. */
export class TokenBuckets {
  readonly #limits: Readonly<Partial<Record<BucketName, BucketLimits>>>;
  readonly #now: () => number;
  readonly #levels = new Map<BucketName, { tokens: number; at: number }>();

  constructor(limits: Readonly<Partial<Record<BucketName, BucketLimits>>>, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Takes what a call of the operation costs; throws when the rate is exceeded. */
  takeFor(operation: string): void {
    const bucket = BUCKET_OF[operation];
    if (bucket !== undefined) this.#take(bucket, 1);
  }

  /** Takes what launching on Fargate costs besides: one call, and as many launches as there are tasks. */
  takeForFargate(onDemand: number, spot: number): void {
    if (onDemand + spot === 0) return;
    this.#take('fargate-run-task', 1);
    if (onDemand > 0) this.#take('fargate-launch', onDemand);
    if (spot > 0) this.#take('fargate-spot-launch', spot);
  }

  #take(name: BucketName, amount: number): void {
    const limits = this.#limits[name];
    if (!limits) return;
    const now = this.#now();
    const level = this.#levels.get(name) ?? { tokens: limits.burst, at: now };
    const refilled = level.tokens + (Math.max(0, now - level.at) / 1000) * limits.refillPerSecond;
    const tokens = Math.min(limits.burst, refilled);
    const isEnough = tokens >= amount;
    this.#levels.set(name, { tokens: isEnough ? tokens - amount : tokens, at: now });
    if (!isEnough) throw throttled();
  }
}
