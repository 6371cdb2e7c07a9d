import type { Options } from 'yargs';

/** Flags of every command that speaks to AWS. */
export const CONNECTION_FLAGS = {
  'endpoint-url': {
    type: 'string',
    describe: 'Another endpoint for all AWS services (AWS_ENDPOINT_URL)',
    group: 'Which AWS:',
  },
  region: { type: 'string', describe: 'AWS region (AWS_REGION)', group: 'Which AWS:' },
  local: { type: 'boolean', default: false, describe: 'Speak to the running "slipway dev"', group: 'Which AWS:' },
  config: { type: 'string', describe: 'agent.yaml, a path or s3:// address (SLIPWAY_CONFIG)', group: 'Which AWS:' },
  table: { type: 'string', describe: 'DynamoDB table of runs (SLIPWAY_TABLE)', group: 'Which AWS:' },
  'queue-url': { type: 'string', describe: 'SQS queue of run requests (SLIPWAY_QUEUE_URL)', group: 'Which AWS:' },
  bucket: { type: 'string', describe: 's3://bucket/prefix for files (SLIPWAY_BUCKET)', group: 'Which AWS:' },
} as const satisfies Record<string, Options>;

/** What those flags say. */
export interface ConnectionFlags {
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly local: boolean;
  readonly config?: string | undefined;
  readonly table?: string | undefined;
  readonly queueUrl?: string | undefined;
  readonly bucket?: string | undefined;
}
