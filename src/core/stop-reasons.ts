import type { FailureCode } from './failure-codes.ts';

/** What the words of a stopped task mean when they are found in its reason or in its container's. */
export interface StopReason {
  readonly match: RegExp;
  readonly code: FailureCode;
  readonly status: 'FAILED' | 'CRASHED';
  readonly retry: 'infrastructure' | 'flow' | 'never';
  readonly message: string;
}

/**
 * Read from top to bottom, the first match wins. The texts are ECS's (ECS developer guide, "Stopped tasks error codes",
 * "Cannot pull container image errors", "ResourceInitializationError") and are not a contract of theirs.
 */
export const STOP_REASONS: readonly StopReason[] = [
  {
    match: /OutOfMemoryError|OutOfMemory\b/,
    code: 'OUT_OF_MEMORY',
    status: 'CRASHED',
    retry: 'flow',
    message: 'The container used all of its memory.',
  },
  {
    match: /^(?=.*?CannotPullContainerError).*?(?:toomanyrequests|429 Too Many Requests|pull rate limit)/is,
    code: 'IMAGE_PULL_RATE_LIMIT',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The registry limits how often its images are pulled.',
  },
  {
    match:
      /^(?=.*?CannotPullContainerError).*?(?:i\/o timeout|\bEOF\b|invalid argument|request canceled|context canceled|TLS handshake timeout|connection reset|deadline exceeded)/is,
    code: 'IMAGE_PULL_INTERRUPTED',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The image could not be pulled to the end.',
  },
  {
    match: /CannotPullContainerError|CannotPullECRContainerError/,
    code: 'IMAGE_NOT_FOUND',
    status: 'FAILED',
    retry: 'never',
    message: 'The image was not found, or may not be pulled.',
  },
  {
    match:
      /^(?=.*?ResourceInitializationError).*?(?:i\/o timeout|context deadline exceeded|signal: killed|connection reset)/is,
    code: 'RESOURCE_INITIALIZATION',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'ECS could not reach what the task needs before it starts.',
  },
  {
    match: /ResourceInitializationError/,
    code: 'RESOURCE_INITIALIZATION',
    status: 'FAILED',
    retry: 'never',
    message: 'A secret, log group or other thing that the task needs could not be had.',
  },
  {
    match: /CannotStartContainerError|CannotCreateContainerError|ContainerRuntimeError/,
    code: 'COMMAND_NOT_FOUND',
    status: 'FAILED',
    retry: 'never',
    message: 'The container could not be started with its command.',
  },
  {
    match: /network interface|InsufficientFreeAddresses|Service Discovery instance could not be registered/i,
    code: 'NETWORK_INTERFACE',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'AWS did not give the task its network in time.',
  },
  {
    match: /EphemeralStorage provisioning|CannotCreateVolumeError/,
    code: 'STORAGE_NOT_READY',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'AWS did not give the task its storage in time.',
  },
  {
    match: /Spot Task was interrupted/i,
    code: 'SPOT_INTERRUPTION',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'AWS took the Spot capacity back.',
  },
  {
    match:
      /maintenance on the underlying infrastructure|Host EC2 .*(stopped|terminated)|Container instance .*deregist|InternalError/i,
    code: 'HOST_LOST',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The machine below the task went away.',
  },
];

/** What a stop code means where no text says more. Codes: API Task, `stopCode`. */
export const STOP_CODES: Readonly<Record<string, Omit<StopReason, 'match'>>> = {
  TaskFailedToStart: {
    code: 'TASK_NOT_STARTED',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The task never started.',
  },
  SpotInterruption: {
    code: 'SPOT_INTERRUPTION',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'AWS took the Spot capacity back.',
  },
  TerminationNotice: {
    code: 'HOST_LOST',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The machine below the task went away.',
  },
  InfrastructureHealth: {
    code: 'HOST_LOST',
    status: 'CRASHED',
    retry: 'infrastructure',
    message: 'The machine below the task went away.',
  },
  UserInitiated: {
    code: 'STOPPED_BY_OTHERS',
    status: 'CRASHED',
    retry: 'never',
    message: 'Somebody else stopped the task.',
  },
};
