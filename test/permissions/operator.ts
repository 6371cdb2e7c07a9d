import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ClientException, DeregisterTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { toItem } from '../../src/aws/run-item.ts';
import { setUp } from '../../src/aws/set-up.ts';
import { setUpCluster } from '../../src/aws/set-up-cluster.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { queuedRun } from '../fakes/runs.ts';
import { type SignedClients, signedClients } from '../local/iam/signed-clients.ts';

/** A limit that a run holds which is not there any more. */
const LEAKED = { PK: { S: 'SLOT#flow/limited/demo' }, SK: { S: 'SLOT' }, holders: { SS: ['ghost'] } };

/** A run of long ago, which nobody has taken off the record. */
const OLD_RUN = 'long-ago';
const DAY_MS = 86_400_000;

const LOG_GROUP = '/slipway/runs';

/** Somebody who may do everything: makes what there has to be, asks for runs, and looks. */
export class Operator {
  readonly #clients: SignedClients;
  readonly #store: DynamoRunStore;
  queueUrl = '';
  /** Of the one secret. */
  secretArn = '';

  constructor(endpoint: string) {
    this.#clients = signedClients(endpoint, 'operator');
    this.#store = new DynamoRunStore(createDocumentClient(this.#clients.dynamodb), 'slipway');
  }

  async setUp(): Promise<void> {
    const { dynamodb: dynamoDb, sqs, s3, ecs, secrets } = this.#clients;
    const names = { table: 'slipway', queues: ['slipway'], bucket: 's3://slipway' };
    const sleep = (ms: number) => new Promise<void>((wake) => setTimeout(wake, Math.min(ms, 20)));
    for await (const step of setUp({ dynamoDb, sqs, s3 }, names, { dryRun: false, sleep })) {
      if (step.kind === 'queue' && step.name === 'slipway') this.queueUrl = step.url ?? '';
    }
    await setUpCluster(ecs, 'default');
    await dynamoDb.send(new PutItemCommand({ TableName: 'slipway', Item: LEAKED }));
    await this.#addOldThings();
    await this.#clients.sns.send(new CreateTopicCommand({ Name: 'alerts' }));
    const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'demo/password', SecretString: 'x' }));
    this.secretArn = ARN;
  }

  /** What housekeeping finds: a run that ended long ago, and revisions of a task definition that nobody uses. */
  async #addOldThings(): Promise<void> {
    const at = Date.now() - 100 * DAY_MS;
    const reason = { code: 'CANCELLED', message: 'long ago' } as const;
    const run = {
      ...queuedRun({ runId: OLD_RUN, requestedAt: at }),
      status: 'CANCELLED',
      finishedAt: at,
      reason,
    } as const;
    const documents = createDocumentClient(this.#clients.dynamodb);
    await documents.send(new PutCommand({ TableName: 'slipway', Item: { ...toItem(run, 'nonce') } }));
    const containerDefinitions = [{ name: 'flow', image: 'busybox', memory: 128 }];
    const revision = new RegisterTaskDefinitionCommand({ family: 'slipway-retired', containerDefinitions });
    for (let i = 0; i < 2; i += 1) await this.#clients.ecs.send(revision);
  }

  async send(MessageBody: string): Promise<void> {
    await this.#clients.sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody }));
  }

  /** Deregisters a definition, if anybody has registered it. */
  async deregister(taskDefinition: string): Promise<void> {
    try {
      await this.#clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
    } catch (error) {
      if (!(error instanceof ClientException)) throw error;
    }
  }

  async cancel(runId: string): Promise<void> {
    await cancelRun(this.#store, { runId, by: 'the operator', reason: 'to show it', now: Date.now() });
  }

  async runs(): Promise<readonly FlowRun[]> {
    const { runs } = await this.#store.list({ until: Date.now() + 1_000, limit: 200 });
    return runs.filter(({ runId }) => runId !== OLD_RUN);
  }

  /** What tasks have said so far. */
  async taskLines(): Promise<readonly string[]> {
    const lines: string[] = [];
    try {
      for await (const { events = [] } of paginateFilterLogEvents(
        { client: this.#clients.logs },
        { logGroupName: LOG_GROUP },
      ))
        lines.push(...events.flatMap(({ message }) => message ?? []));
    } catch (error) {
      // No task has begun yet.
      if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    }
    return lines;
  }

  close(): void {
    for (const client of Object.values(this.#clients)) client.destroy();
  }
}
