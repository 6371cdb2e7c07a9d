/** Calls of ECS whose rate is limited for a whole account (Amazon ECS API Reference, "Request throttling"). */
export type PacedCall =
  | 'RunTask'
  | 'RegisterTaskDefinition'
  | 'DeregisterTaskDefinition'
  /** ListTaskDefinitionFamilies, too. */
  | 'ListTaskDefinitions'
  | 'StopTask'
  | 'DescribeTasks'
  | 'ListTasks';

/** Says when a call may be sent. */
export interface CallPace {
  /** Resolves when the call may be sent; to false when it is not to be sent now, because its turn is too far away. */
  take(call: PacedCall, stop: AbortSignal): Promise<boolean>;
}

/** For programs that make a handful of calls. */
export const UNPACED: CallPace = { take: async () => true };
