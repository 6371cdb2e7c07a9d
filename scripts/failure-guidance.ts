import type { FailureCode } from '../src/core/failure-codes.ts';

/** What a page says of a code besides the table that the program itself reads. */
export interface Guidance {
  /** What has happened, in a paragraph. */
  readonly meaning: string;
  /** What becomes of the run, where no row of the stop reasons says it. */
  readonly end?: string;
  /** Steps, the most likely one first. */
  readonly steps: readonly string[];
}

const SHOW = '`slipway runs get <run>` shows the reason with its evidence, and every attempt.';
const LOGS = '`slipway logs <run>` shows the last output; it stays after the task is gone.';
const IAM = '`slipway aws iam` prints what each role needs, by your configuration: compare it with the role.';
const RETRIED = 'The run goes back to the queue, and is tried again until it expires.';

/** By code; a code without guidance does not compile. */
export const FAILURE_GUIDANCE = {
  SUCCEEDED: { meaning: 'The run has done what it was to do.', end: 'SUCCEEDED.', steps: [SHOW] },
  INVALID_REQUEST: {
    meaning: 'The message is no run request: it is no JSON, lacks a flow, or holds what the flow does not take.',
    end: 'FAILED at once. The body is on the record, and its message in the dead-letter queue.',
    steps: [
      'Read the faults in the evidence: all of them are there.',
      '`slipway queue dlq ls` shows the body and why it was refused.',
      'Correct the producer and send the request again; `slipway queue dlq redrive` sends what lies there once more.',
    ],
  },
  SENDER_NOT_ALLOWED: {
    meaning: '`senders` in agent.yaml says which SQS sender may run which flow, and this one may not run this flow.',
    end: 'FAILED at once.',
    steps: [
      'The evidence has the sender id: `aws sts get-caller-identity` shows it of a program (UserId).',
      'Add the flow to that sender in agent.yaml if it is meant to run it; SIGHUP makes the agent read it.',
    ],
  },
  RUN_ID_REUSED: {
    meaning: 'A request came with the id of another run, but another body. The first run is not touched.',
    end: 'FAILED, under an id of its own.',
    steps: ['Give each request an id of its own, or none: then an id is made from the message.'],
  },
  FLOW_NOT_FOUND: {
    meaning: 'No agent that took the run has a flow of this name, or not in the version that the request asks for.',
    end: 'FAILED.',
    steps: [
      'Compare the name with `slipway flows ls`; names are case-sensitive.',
      'A flow file with faults is left out: `slipway config validate` tells them.',
      'With several agents: each needs the flow, or labels have to lead the run to those that have it.',
    ],
  },
  INVALID_CONFIG: {
    meaning: 'agent.yaml, a template and the flow together make no launch that ECS could take.',
    end: 'FAILED.',
    steps: [
      'The evidence names file, line and column of each fault.',
      '`slipway render <flow>` makes the same launch without sending it; `slipway explain <flow>` says who set each field.',
    ],
  },
  NOT_LAUNCHED: {
    meaning: 'ECS refuses the launch, and would refuse the same one again.',
    end: 'FAILED.',
    steps: [
      "Read ECS's words in the evidence.",
      '`slipway diff <flow> --against last` shows what has changed since it last worked.',
      'In a new account: `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`.',
    ],
  },
  PERMISSION_DENIED: {
    meaning: 'The agent lacks a permission. The evidence names who asked, the action, and the resource.',
    end: 'FAILED.',
    steps: [
      IAM,
      'For `iam:PassRole`, the role in the evidence has to be among those that the agent may pass.',
      '`slipway doctor` tries the permissions that can be tried without an effect.',
    ],
  },
  NOT_PLACED: {
    meaning:
      'There is no room for the task now: no Fargate capacity, no instance with free CPU and memory, or a quota.',
    end: RETRIED,
    steps: [
      'Wait: capacity comes back, and the run with it.',
      'If it lasts: subnets in more zones, FARGATE beside FARGATE_SPOT, another size.',
      'A quota: Service Quotas, "Fargate On-Demand vCPU resource count" and "Fargate Spot vCPU resource count".',
    ],
  },
  THROTTLED: {
    meaning: "ECS limits how often its API is called; the account's limit is shared with all other programs.",
    end: RETRIED,
    steps: [
      '`slipway_aws_throttles_total` in the metrics says which API.',
      'Lower `limits.launchesPerSecond`, or find who else calls: CloudTrail, by event name.',
    ],
  },
  LIMIT_REACHED: {
    meaning: 'As many runs of this limit are under way as it allows. Nothing is wrong.',
    end: 'It stays QUEUED, and starts when a place is free.',
    steps: [
      SHOW,
      'Raise `concurrency.limit` of the flow, or `limits.concurrency` in agent.yaml, if it waits too long.',
    ],
  },
  AGENT_NOT_READY: {
    meaning: 'The agent itself had no valid credentials, or no way to AWS. The run is not at fault.',
    end: RETRIED,
    steps: [
      '`slipway agent health --ready` names the failing check; `/readyz` says the same.',
      'Credentials: `aws sts get-caller-identity` as the user of the agent.',
      'Network: a NAT gateway, or VPC endpoints for ecs, sqs, dynamodb, s3, logs and ecr.',
    ],
  },
  LAUNCH_UNCLEAR: {
    meaning:
      'The answer to a launch was lost, so that a task may or may not exist. The same token makes a repeat harmless.',
    end: 'The same launch is repeated for 30 minutes, then looked up; there is never a second task for the attempt.',
    steps: ['Nothing to do. If it lasts, look at the way between the agent and ECS.'],
  },
  EXPIRED: {
    meaning: 'The run did not start before `expiresAt`, or before `timeouts.queue` of its flow was over.',
    end: 'EXPIRED.',
    steps: [
      '`slipway agents ls`: is there an agent with the labels that the run asks for?',
      '`slipway queue status`: how many wait, and for how long.',
      'Raise limits, start more agents, or give the request more time.',
    ],
  },
  START_TIMEOUT: {
    meaning:
      'The task was accepted, but our code had not begun when `timeouts.start` was over (15 minutes by default).',
    end: 'The task is stopped; CRASHED, and retried as the flow says.',
    steps: [
      'A large image: `timeouts.start`, a smaller image, or one in a registry of the same region.',
      'On EC2 capacity: whether the capacity provider scales out.',
    ],
  },
  NETWORK_INTERFACE: {
    meaning: 'AWS did not attach a network interface to the task in time.',
    steps: ['It is retried. If it lasts: free addresses in the subnets, and the quota of network interfaces.'],
  },
  STORAGE_NOT_READY: {
    meaning: 'AWS did not provide the storage of the task in time.',
    steps: ['It is retried. If it lasts: the volume, its role and its availability zone.'],
  },
  IMAGE_PULL_INTERRUPTED: {
    meaning: 'The image was found, but could not be pulled to the end.',
    steps: [
      'A route to the registry: NAT gateway, or VPC endpoints for ecr.api, ecr.dkr and S3.',
      'The security group has to let 443 out, and the endpoints’ group has to let it in.',
    ],
  },
  IMAGE_PULL_RATE_LIMIT: {
    meaning: 'The registry limits how often images are pulled, by address or account.',
    steps: ['Keep the image in ECR, by a pull-through cache rule for instance, or give `repositoryCredentials`.'],
  },
  IMAGE_NOT_FOUND: {
    meaning: 'The image or its tag does not exist, or the execution role may not pull it.',
    steps: [
      'Compare name, tag, account and region: `aws ecr describe-images --repository-name … --image-ids imageTag=…`.',
      '`slipway aws iam --role execution` prints what the execution role needs to pull it.',
      'The architecture: an image for arm64 alone is not found on X86_64.',
    ],
  },
  RESOURCE_INITIALIZATION: {
    meaning: 'Something that the task needs before it starts could not be had: a secret, a log group, a file system.',
    steps: [
      'The evidence says which. A secret: its ARN, and `secretsmanager:GetSecretValue` in the execution role.',
      'A log group: make it, or set `awslogs-create-group` and allow `logs:CreateLogGroup`.',
      'A timeout in the evidence is the network: VPC endpoints for secretsmanager, ssm and logs.',
    ],
  },
  COMMAND_NOT_FOUND: {
    meaning: 'The container could not be started with its command or entry point.',
    steps: ['Try it: `docker run --rm --entrypoint … <image> …`.', '`slipway explain <flow>` says who set `command`.'],
  },
  TASK_NOT_STARTED: {
    meaning: 'ECS gave up on the task before any container ran, and says no more than that.',
    steps: ['Look at the capacity provider and its Auto Scaling group.', SHOW],
  },
  SPOT_INTERRUPTION: {
    meaning: 'AWS took the Spot capacity back, with two minutes of notice.',
    steps: ['It is retried. If it comes too often: weight FARGATE higher in `capacityProviderStrategy`.'],
  },
  HOST_LOST: {
    meaning: 'The machine below the task went away, or was taken out of service.',
    steps: ['It is retried.'],
  },
  OUT_OF_MEMORY: {
    meaning: 'The container used all of its memory and was killed.',
    steps: [
      'A larger `profile` or `memory`; `retries.CRASHED.escalate` has it done by itself.',
      'A limit of the container itself counts first: `slipway explain <flow> memory`.',
    ],
  },
  KILLED: {
    meaning: 'The container was killed (exit code 137) though nobody had asked ECS to stop the task.',
    end: 'CRASHED.',
    steps: ['Mostly memory all the same: see OUT_OF_MEMORY.', LOGS],
  },
  EXIT_CODE: {
    meaning: 'The program of the container ended with another exit code than 0.',
    end: 'FAILED, and retried if the flow has retries for FAILED.',
    steps: [LOGS, '139 and 132: often an image for another processor; compare `runtimePlatform`.'],
  },
  FLOW_FAILED: {
    meaning: 'The flow itself said that it has failed: the message is its own.',
    end: 'FAILED, and retried if the flow has retries for FAILED.',
    steps: [LOGS, '`slipway runs steps <run>` shows the step that failed.'],
  },
  RUN_TIMEOUT: {
    meaning: 'The run took longer than `timeouts.run` allows.',
    end: 'The task is stopped; FAILED.',
    steps: [LOGS, 'Raise `timeouts.run`, or give the run more CPU.'],
  },
  NO_FINAL_RECORD: {
    meaning:
      "The worker's container ended without the worker's last word on record, so that nobody knows what was done.",
    end: 'CRASHED.',
    steps: [
      LOGS,
      'The task role needs `dynamodb:GetItem` and `dynamodb:PutItem` on the table: `slipway aws iam --role task`.',
    ],
  },
  NO_EXIT_CODE: {
    meaning: 'The task has stopped, but ECS tells no exit code of the container that counts.',
    end: 'CRASHED: no exit code is never a success.',
    steps: [SHOW, 'Whether `containerName` names the container that runs the flow.'],
  },
  STOPPED_BY_OTHERS: {
    meaning: 'Somebody stopped the task, and it was not Slipway.',
    steps: ['CloudTrail has the call: event name StopTask, resource the task of the evidence.'],
  },
  CANCELLED: {
    meaning: 'Somebody asked for the end of the run; who and why is on the record.',
    end: 'CANCELLED.',
    steps: [SHOW],
  },
  WORKER_SILENT: {
    meaning:
      "The worker gives a sign of life every 15 seconds, on the run's heartbeat. For six minutes there was no new one while the agent could read it and ECS said that the task runs: the worker hangs, or the task cannot reach DynamoDB and has not ended by itself either.",
    end: 'The task is stopped; once ECS says so, the run is CRASHED or tried again as `retries.CRASHED` says. A flow of steps goes on from the finished ones.',
    steps: [
      LOGS,
      'Look at the processor and the memory of the task: a program that takes all of either leaves the worker nothing.',
      'On EC2: was the host, or the container, paused?',
    ],
  },
  TASK_LOST: {
    meaning: 'ECS no longer knows the task, and nobody saw it end within the hour for which ECS remembers.',
    end: 'CRASHED; it may have done its work, so it is not retried.',
    steps: [
      LOGS,
      'Agents were away for more than an hour: with an events queue (`events.queueUrl`) the ends wait for them.',
    ],
  },
  ATTEMPT_FENCED: {
    meaning:
      'Whether a launch arrived could no longer be told, so its attempt was closed: its worker can begin no more.',
    end: 'The next attempt is launched.',
    steps: ['Nothing to do.'],
  },
  UNKNOWN_STOP: {
    meaning: "The task stopped for a reason that Slipway does not know. The evidence has ECS's own words, unchanged.",
    end: 'CRASHED, and not retried.',
    steps: [SHOW, 'Please report the words, so that they get a code.'],
  },
} as const satisfies Record<FailureCode, Guidance>;
