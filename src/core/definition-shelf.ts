/** The task definitions that ECS keeps. */
export interface DefinitionShelf {
  /** Active families whose name begins so. */
  families(prefix: string, stop: AbortSignal): Promise<readonly string[]>;
  /** ARNs of a family's active revisions, the newest first. */
  revisions(family: string, stop: AbortSignal): Promise<readonly string[]>;
  /** No task can be started from it any more; those that run go on (API DeregisterTaskDefinition). */
  deregister(arn: string, stop: AbortSignal): Promise<void>;
}
