import type { Options } from 'yargs';

/** What flags can say of agent.yaml (DESIGN 7.2); each is a `SLIPWAY_*` variable too. */
export const AGENT_FLAGS = {
  config: { type: 'string', describe: 'agent.yaml, a path or s3:// address (SLIPWAY_CONFIG)' },
  name: { type: 'string', describe: 'Name of this agent; the host name otherwise (SLIPWAY_NAME)' },
  label: { alias: 'l', type: 'array', string: true, describe: 'Label of this agent; may be repeated (SLIPWAY_LABELS)' },
  env: { alias: 'e', type: 'array', string: true, describe: 'KEY=VALUE for every run; may be repeated (SLIPWAY_ENV)' },
  cluster: { type: 'string', describe: 'ECS cluster (SLIPWAY_CLUSTER)' },
  'launch-type': { type: 'string', describe: 'FARGATE, EC2 or EXTERNAL (SLIPWAY_LAUNCH_TYPE)' },
  'task-definition': { type: 'string', describe: 'Template: path, s3://, ARN (SLIPWAY_TASK_DEFINITION)' },
  'run-task-kwargs': { type: 'string', describe: 'Template: path or s3:// (SLIPWAY_RUN_TASK_KWARGS)' },
  'task-role-arn': { type: 'string', describe: 'Role of the tasks (SLIPWAY_TASK_ROLE_ARN)' },
  'execution-role-arn': { type: 'string', describe: 'Role that pulls images, secrets (SLIPWAY_EXECUTION_ROLE_ARN)' },
  'queue-url': { type: 'array', string: true, describe: 'SQS queue; may be repeated (SLIPWAY_QUEUE_URL)' },
  table: { type: 'string', describe: 'DynamoDB table of runs (SLIPWAY_TABLE)' },
  bucket: { type: 'string', describe: 's3://bucket/prefix for files (SLIPWAY_BUCKET)' },
  flows: { type: 'string', describe: 'Folder or s3:// prefix of the flows (SLIPWAY_FLOWS)' },
  'agent-address': { type: 'string', describe: 'http://host:port of its HTTP server (SLIPWAY_AGENT_ADDRESS)' },
  'max-polls': { type: 'number', describe: 'End after so many polls of each queue (SLIPWAY_MAX_POLLS)' },
  'log-level': { type: 'string', describe: 'trace, debug, info, warn or error (SLIPWAY_LOG_LEVEL)' },
  'endpoint-url': { type: 'string', describe: 'Another endpoint for all AWS services (AWS_ENDPOINT_URL)' },
  region: { type: 'string', describe: 'AWS region (AWS_REGION)' },
} as const satisfies Record<string, Options>;
