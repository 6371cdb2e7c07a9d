import { DescribeTasksCommand, type ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createDocumentClient, createDynamoDbClient } from '../src/aws/create-dynamodb-client.ts';
import { createEcsClient } from '../src/aws/create-ecs-client.ts';
import { createSqsClient } from '../src/aws/create-sqs-client.ts';
import { DynamoRunStore } from '../src/aws/dynamo-run-store.ts';
import type { FlowRun } from '../src/core/run.ts';
import { cancelRun } from '../src/runs/cancel-run.ts';
import type { DevProcess } from './dev-process.ts';

/** The demo's own way to AWS: the same SDK calls that any other program would make. */
export class DemoClient {
  readonly #dev: DevProcess;
  readonly #sqs: SQSClient;
  readonly #ecs: ECSClient;
  readonly #store: DynamoRunStore;

  constructor(dev: DevProcess) {
    const options = { region: 'us-east-1', endpoint: dev.endpoint };
    this.#dev = dev;
    this.#sqs = createSqsClient(options);
    this.#ecs = createEcsClient(options);
    this.#store = new DynamoRunStore(createDocumentClient(createDynamoDbClient(options)), dev.table);
  }

  async send(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#dev.queueUrl, MessageBody: body }));
  }

  /** All runs on record, the oldest first. */
  async runs(): Promise<readonly FlowRun[]> {
    const { runs } = await this.#store.list({ until: Date.now() + 1_000, limit: 200 });
    return [...runs].sort((a, b) => a.requestedAt - b.requestedAt);
  }

  async cancel(runId: string): Promise<void> {
    await cancelRun(this.#store, { runId, by: 'the demo', reason: 'to show it', now: Date.now() });
  }

  /** `startedBy` of every task that ECS has seen. */
  async startedBy(): Promise<readonly string[]> {
    const lists = await Promise.all(
      (['RUNNING', 'STOPPED'] as const).map((desiredStatus) => this.#ecs.send(new ListTasksCommand({ desiredStatus }))),
    );
    const tasks = lists.flatMap(({ taskArns = [] }) => taskArns);
    if (tasks.length === 0) return [];
    const described = await this.#ecs.send(new DescribeTasksCommand({ tasks }));
    return (described.tasks ?? []).map((task) => task.startedBy ?? '');
  }

  /** Messages on the queue, and on its dead-letter queue. */
  async depths(): Promise<{ readonly queue: number; readonly deadLetters: number }> {
    const { queueUrl } = this.#dev;
    return { queue: await this.#depth(queueUrl), deadLetters: await this.#depth(`${queueUrl}-dlq`) };
  }

  close(): void {
    this.#sqs.destroy();
    this.#ecs.destroy();
  }

  async #depth(QueueUrl: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }
}
