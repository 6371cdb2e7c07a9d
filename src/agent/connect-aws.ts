import type { SQSClient } from '@aws-sdk/client-sqs';
import { AwsQueueGauge } from '../aws/aws-queue-gauge.ts';
import type { AwsClientOptions } from '../aws/client-options.ts';
import type { PauseTiming } from '../aws/conflict-pause.ts';
import { createDocumentClient, createDynamoDbClient } from '../aws/create-dynamodb-client.ts';
import { createEcsClients } from '../aws/create-ecs-client.ts';
import { createLogsClient } from '../aws/create-logs-client.ts';
import { createS3Client } from '../aws/create-s3-client.ts';
import { createSqsClient } from '../aws/create-sqs-client.ts';
import { DynamoChoreBook } from '../aws/dynamo-chore-book.ts';
import { DynamoDefinitionStore } from '../aws/dynamo-definition-store.ts';
import { DynamoFleetStore } from '../aws/dynamo-fleet-store.ts';
import { DynamoFlowCatalogue } from '../aws/dynamo-flow-catalogue.ts';
import { DynamoNoticeOutbox } from '../aws/dynamo-notice-outbox.ts';
import { DynamoRunArchive } from '../aws/dynamo-run-archive.ts';
import { DynamoRunDetails } from '../aws/dynamo-run-details.ts';
import { DynamoRunStore, type RunStoreOptions } from '../aws/dynamo-run-store.ts';
import { DynamoScheduleStore } from '../aws/dynamo-schedule-store.ts';
import { EcsTaskHost } from '../aws/ecs-task-host.ts';
import { locateLog } from '../aws/log-location.ts';
import { CloudWatchLogReader } from '../aws/logs-reader.ts';
import { S3FileStore } from '../aws/s3-file-store.ts';
import { SqsRequestQueue } from '../aws/sqs-request-queue.ts';
import { TaskDefinitionShelf } from '../aws/task-definition-shelf.ts';
import { watchClock } from '../aws/watch-clock.ts';
import type { CallPace } from '../core/call-pace.ts';
import type { ChoreBook } from '../core/chores.ts';
import type { DefinitionShelf } from '../core/definition-shelf.ts';
import type { DefinitionStore } from '../core/definition-store.ts';
import type { FileStore } from '../core/file-store.ts';
import type { FleetStore } from '../core/fleet.ts';
import type { FlowCatalogue } from '../core/flow-catalogue.ts';
import type { LogLocator } from '../core/log-locator.ts';
import type { LogReader } from '../core/log-reader.ts';
import type { NoticeOutbox } from '../core/notice-outbox.ts';
import type { QueueGauge } from '../core/queue-gauge.ts';
import type { RequestQueue } from '../core/request-queue.ts';
import type { RunArchive } from '../core/run-archive.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import type { RunStore } from '../core/run-store.ts';
import type { ScheduleStore } from '../core/schedules/schedule-store.ts';
import type { TaskHost } from '../core/task-host.ts';
import type { SurroundingPorts } from './launch-surroundings.ts';
import type { PublishNotice } from './notify/send-notice.ts';

/** The ports of a program, on AWS. Each client is made when it is first asked for. */
export interface AwsPorts extends SurroundingPorts {
  readonly host: TaskHost;
  /** The same ECS, for calls that keep to a pace. */
  pacedHost(pace: CallPace): TaskHost;
  readonly files: FileStore;
  readonly logs: LogReader;
  readonly locateLog: LogLocator;
  runs(table: string, options?: RunStoreOptions): RunStore;
  archive(table: string): RunArchive;
  /** Calls that keep to a pace. */
  shelf(pace: CallPace): DefinitionShelf;
  chores(table: string): ChoreBook;
  notices(table: string): NoticeOutbox;
  readonly publishNotice: PublishNotice;
  details(table: string): RunDetailStore;
  definitions(table: string): DefinitionStore;
  schedules(table: string, pauses?: PauseTiming): ScheduleStore;
  flows(table: string): FlowCatalogue;
  fleet(table: string): FleetStore;
  queue(url: string): RequestQueue;
  /** Compares `now` with AWS's time from here on; see `watch-clock.ts`. */
  watchClock(now: () => number): () => number | undefined;
}

/** What those who look after queues ask for, besides. */
export interface OperatorPorts {
  gauge(table: string): QueueGauge;
  /** When the credentials end, epoch ms; undefined for those that do not. The SDK renews what it can. */
  credentialsEnd(): Promise<number | undefined>;
}

export interface ConnectAwsOptions extends AwsClientOptions {
  /** `ECS_CONTAINER_METADATA_URI_V4`, where the program is a container of an ECS task. */
  readonly metadataUri?: string | undefined;
}

export function connectAws(options: ConnectAwsOptions): AwsPorts & OperatorPorts {
  const dynamoDb = once(() => createDynamoDbClient(options));
  const documents = once(() => createDocumentClient(dynamoDb()));
  const sqs: () => SQSClient = once(() => createSqsClient(options));
  const ecs = once(() => createEcsClients(options));
  const host = once(() => new EcsTaskHost(ecs()));
  const sns = once(async () => new (await import('../aws/sns-notice-sender.ts')).SnsNoticeSender(options));
  const files = once(() => new S3FileStore(createS3Client(options)));
  const logs = once(() => new CloudWatchLogReader(createLogsClient(options)));
  return {
    get host() {
      return host();
    },
    pacedHost: (pace) => new EcsTaskHost(ecs(), pace),
    get files() {
      return files();
    },
    get logs() {
      return logs();
    },
    locateLog: (container) => locateLog(ecs().calls, container),
    details: (table) => new DynamoRunDetails(documents(), table),
    runs: (table, own) => new DynamoRunStore(documents(), table, own),
    archive: (table) => new DynamoRunArchive(documents(), table),
    shelf: (pace) => new TaskDefinitionShelf(ecs().calls, pace),
    chores: (table) => new DynamoChoreBook(documents(), table),
    notices: (table) => new DynamoNoticeOutbox(documents(), table),
    publishNotice: async (topic, notice, stop) => (await sns()).publish(topic, notice, stop),
    definitions: (table) => new DynamoDefinitionStore(documents(), table),
    schedules: (table, pauses) => new DynamoScheduleStore(documents(), table, pauses),
    watchClock: (now) => watchClock(dynamoDb(), now),
    flows: (table) => new DynamoFlowCatalogue(documents(), table),
    fleet: (table) => new DynamoFleetStore(documents(), table),
    queue: (url) => new SqsRequestQueue(sqs(), url),
    gauge: (table) => new AwsQueueGauge(sqs(), documents(), table),
    credentialsEnd: async () => (await sqs().config.credentials()).expiration?.getTime(),
    secrets: async (now) => {
      const [{ createSecretsClient }, { SecretsManagerLister }] = await Promise.all([
        import('../aws/create-secrets-client.ts'),
        import('../aws/secrets-lister.ts'),
      ]);
      return new SecretsManagerLister(createSecretsClient(options), now);
    },
    network: async () => {
      const [{ CurrentNetwork }, { Ec2InterfaceReader }] = await Promise.all([
        import('../aws/current-network.ts'),
        import('../aws/ec2-interface-reader.ts'),
      ]);
      const { metadataUri } = options;
      return new CurrentNetwork({ metadataUri, ecs: ecs().calls, interfaces: Ec2InterfaceReader.connect(options) });
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
