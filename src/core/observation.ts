/** What ECS said about a task, in our words. */
export type TaskObservation =
  | { readonly kind: 'active'; readonly task: ObservedTask }
  | { readonly kind: 'stopped'; readonly task: ObservedTask }
  /** ECS knows no such task: not yet visible, or stopped so long ago that it is forgotten. */
  | { readonly kind: 'missing' };

/** The parts of DescribeTasks' answer, or of an event's detail, that a verdict can rest on. Times are epoch milliseconds. */
export interface ObservedTask {
  readonly taskArn: string;
  readonly version?: number;
  readonly lastStatus: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly ObservedContainer[];
  readonly createdAt?: number;
  /** The network interface is attached. */
  readonly connectivityAt?: number;
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly stoppedAt?: number;
  /** What is paid for: CPU units, MiB, GiB. */
  readonly cpu?: number;
  readonly memory?: number;
  readonly ephemeralStorage?: number;
  /** `x86_64` or `arm64` (attribute `ecs.cpu-architecture`). */
  readonly architecture?: string;
  readonly launchType?: string;
  readonly capacityProvider?: string;
}

export interface ObservedContainer {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
}
