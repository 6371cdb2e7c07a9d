import type { Result } from './result.ts';

/** Where a container's output is in CloudWatch Logs. */
export interface LogLocation {
  readonly group: string;
  readonly stream: string;
  /** Where the log group is, if the definition names a region. */
  readonly region?: string;
}

export interface LoggingContainer {
  /** Full ARN of the revision that the task runs. */
  readonly taskDefinition: string;
  readonly container: string;
  readonly taskArn: string;
}

/** Finds the output of a task's container; the error says why there is none. */
export type LogLocator = (container: LoggingContainer) => Promise<Result<LogLocation, string>>;
