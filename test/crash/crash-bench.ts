import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import type { EcsSettings } from '../../src/local/ecs/ecs-options.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { buildPrograms, type Programs } from './build-programs.ts';
import type { FlowSurroundings } from './scenarios.ts';
import { TOPICS } from './told-of.ts';

/** One local AWS for many deaths, the programs that die on it, and the notes of the user code that ran. */
export class CrashBench {
  readonly aws: LocalAws;
  readonly programs: Programs;
  /** Removed at the end. */
  readonly folder: string;
  readonly sqs: SQSClient;
  readonly ecs: ECSClient;
  readonly flows: FlowSurroundings;

  private constructor(aws: LocalAws, programs: Programs, folder: string) {
    this.aws = aws;
    this.programs = programs;
    this.folder = folder;
    this.sqs = createSqsClient(this.options);
    this.ecs = createEcsClient(this.options);
    this.flows = surroundingsIn(folder);
    aws.faults.record();
  }

  static async open(ecs: EcsSettings = {}): Promise<CrashBench> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-crash-'));
    const programs = await buildPrograms(join(folder, 'programs'));
    const images = { 'slipway-worker': { command: [process.execPath, programs.worker] } };
    const aws = await startLocalAws({ images, ecs });
    const bench = new CrashBench(aws, programs, folder);
    const s3 = createS3Client(bench.options);
    await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
    s3.destroy();
    const sns = new SNSClient(bench.options);
    for (const Name of TOPICS) await sns.send(new CreateTopicCommand({ Name }));
    sns.destroy();
    return bench;
  }

  get options() {
    return { region: 'us-east-1', endpoint: this.aws.url };
  }

  async close(): Promise<void> {
    this.sqs.destroy();
    this.ecs.destroy();
    await this.aws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async createTable(name: string): Promise<void> {
    const dynamodb = createDynamoDbClient(this.options);
    await dynamodb.send(new CreateTableCommand(tableSchema(name)));
    dynamodb.destroy();
  }

  /** A queue with a dead-letter queue; what its receiver has not deleted comes back after `visibilitySeconds`. */
  async createQueue(name: string, visibilitySeconds: number): Promise<string> {
    await this.sqs.send(new CreateQueueCommand({ QueueName: `${name}-dlq` }));
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${name}-dlq`;
    const { QueueUrl = '' } = await this.sqs.send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: {
          VisibilityTimeout: String(visibilitySeconds),
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 20 }),
        },
      }),
    );
    return QueueUrl;
  }

  /** What user code has noted, line by line: `begin plain <run> <attempt> <epoch ms>`. */
  notes(): readonly string[] {
    return readFileSync(join(this.folder, 'notes'), 'utf8').split('\n').filter(Boolean);
  }
}

function surroundingsIn(folder: string): FlowSurroundings {
  const notes = join(folder, 'notes');
  writeFileSync(notes, '');
  const module = join(folder, 'noting-flow.mjs');
  writeFileSync(
    module,
    `import { appendFileSync } from 'node:fs';
const note = (word, { runId, attempt }) =>
  appendFileSync(${JSON.stringify(notes)}, \`\${word} worker \${runId} \${attempt} \${Date.now()}\\n\`);
export default async function noting(context) {
  note('begin', context);
  await new Promise((wake) => setTimeout(wake, 200));
  note('end', context);
  return { done: true };
}
`,
  );
  const note = (word: string, more = '') =>
    `echo "${word} plain $SLIPWAY_RUN_ID $SLIPWAY_ATTEMPT $(date +%s%3N)${more}" >> ${notes}`;
  return {
    module,
    quickWork: `printf 'begin plain %s 0\\nend plain %s 0 0\\n' "$SLIPWAY_RUN_ID $SLIPWAY_ATTEMPT" "$SLIPWAY_RUN_ID $SLIPWAY_ATTEMPT" >> ${notes}`,
    work: (seconds, exitCode) => `${note('begin')}; sleep ${seconds}; ${note('end', ` ${exitCode}`)}; exit ${exitCode}`,
  };
}
