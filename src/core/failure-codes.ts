/**
 * Every code that a run's reason can carry, with what to do about it. The words are for the person who reads the run;
 * `{placeholders}` do not occur here: the evidence beside the code has the particulars.
 */
export const FAILURE_CODES = {
  SUCCEEDED: { advice: 'Nothing to do.' },
  INVALID_REQUEST: { advice: 'Send a corrected request; the body is on the record and in the dead-letter queue.' },
  SENDER_NOT_ALLOWED: { advice: 'Name the sender and the flow under senders in agent.yaml, if it may run it.' },
  RUN_ID_REUSED: { advice: 'Send the request again with an id of its own.' },
  FLOW_NOT_FOUND: { advice: 'Check the flow name, or add the flow to the folder of flows.' },
  INVALID_CONFIG: { advice: 'Mend the files that the faults name, then send the request again.' },
  NOT_LAUNCHED: { advice: 'Mend what ECS refuses, then send the request again.' },
  PERMISSION_DENIED: { advice: 'Give the agent the permission that the evidence names.' },
  NOT_PLACED: { advice: 'Waits and tries again; add subnets, capacity or quota if it lasts.' },
  THROTTLED: { advice: 'Waits and tries again; lower the launch rate if it lasts.' },
  LIMIT_REACHED: {
    advice: 'Starts when one of the holders ends; raise the limit that the message names to start it sooner.',
  },
  AGENT_NOT_READY: { advice: 'The agent has no credentials or no way to ECS; it tries again.' },
  LAUNCH_UNCLEAR: { advice: 'The same request is sent again under the same token.' },
  EXPIRED: { advice: 'Start more agents or raise limits, or give the request more time.' },
  START_TIMEOUT: { advice: 'Look at the capacity and the image size; raise timeouts.start if it is merely slow.' },
  NETWORK_INTERFACE: { advice: 'Nothing to mend if it passes; check free addresses in the subnets if it lasts.' },
  STORAGE_NOT_READY: { advice: 'Nothing to mend: ECS did not provide the storage in time.' },
  IMAGE_PULL_INTERRUPTED: { advice: 'Check the route to the registry: NAT gateway or VPC endpoints.' },
  IMAGE_PULL_RATE_LIMIT: { advice: 'Use a registry without a pull limit, or log in to this one.' },
  IMAGE_NOT_FOUND: { advice: 'Check the image name and tag, and that the execution role may pull it.' },
  RESOURCE_INITIALIZATION: { advice: 'Check secrets, log group and the execution role.' },
  COMMAND_NOT_FOUND: { advice: 'Check the command and the entry point against the image.' },
  TASK_NOT_STARTED: { advice: 'Look at the capacity provider of the cluster.' },
  SPOT_INTERRUPTION: { advice: 'Nothing to mend; use on-demand capacity if it happens too often.' },
  HOST_LOST: { advice: 'Nothing to mend: the machine below the task went away.' },
  OUT_OF_MEMORY: { advice: 'Run it with more memory: a larger profile.' },
  KILLED: { advice: 'Look at the memory of the container, and for who else may kill it.' },
  EXIT_CODE: { advice: 'Look at the logs of the run.' },
  FLOW_FAILED: { advice: 'Look at the logs of the run.' },
  RUN_TIMEOUT: { advice: 'Make it faster, or raise timeouts.run.' },
  NO_FINAL_RECORD: { advice: 'The worker ended without a word: look at the logs of the run.' },
  NO_EXIT_CODE: { advice: 'ECS tells no exit code for the container: look at the evidence.' },
  STOPPED_BY_OTHERS: { advice: 'Ask who stopped the task: CloudTrail has the StopTask call.' },
  CANCELLED: { advice: 'Nothing to do.' },
  WORKER_SILENT: {
    advice: 'Look at the logs of the run: what took the processor, the memory or the network from the worker?',
  },
  TASK_LOST: { advice: 'ECS no longer knows the task, and nobody saw it end; look at the logs of the run.' },
  ATTEMPT_FENCED: { advice: 'Whether the launch arrived could not be told any more: the next attempt runs.' },
  UNKNOWN_STOP: { advice: "These are ECS's own words; please report them." },
} as const satisfies Record<string, { readonly advice: string }>;

export type FailureCode = keyof typeof FAILURE_CODES;

export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURE_CODES, text);
}
