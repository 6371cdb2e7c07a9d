import { createDocumentClient, createDynamoDbClient } from '../aws/create-dynamodb-client.ts';
import { createS3Client } from '../aws/create-s3-client.ts';
import { DynamoRunDetails } from '../aws/dynamo-run-details.ts';
import { DynamoRunStore } from '../aws/dynamo-run-store.ts';
import { S3FileStore } from '../aws/s3-file-store.ts';
import type { ListedFileStore } from '../core/file-store.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';
import type { WorkerEnv } from './env.ts';

export interface Stores {
  readonly store: RunStore;
  readonly details: RunDetailStore;
  readonly files: ListedFileStore;
}

/** The record and the files in AWS. Loads the SDK: imported when it is time, not before. */
export function openStores({ table, endpoint, region = '' }: WorkerEnv, taskArn: string, clock: Clock): Stores {
  const options = {
    region: region === '' ? regionOf(taskArn) : region,
    maxSockets: 16,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const documents = createDocumentClient(createDynamoDbClient(options));
  return {
    store: new DynamoRunStore(documents, table, { pauses: clock }),
    details: new DynamoRunDetails(documents, table),
    files: new S3FileStore(createS3Client(options)),
  };
}

/** `arn:aws:ecs:<region>:…` (Amazon ECS Developer Guide, `ecs-account-settings`: the format of ARNs). */
function regionOf(taskArn: string): string {
  return taskArn.split(':')[3] ?? '';
}
