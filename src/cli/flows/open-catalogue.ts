import type { FileStore } from '../../core/file-store.ts';
import type { FlowCatalogue } from '../../core/flow-catalogue.ts';
import { type Connection, tableOf } from '../connection.ts';
import { EXIT } from '../exit-codes.ts';
import { UserError } from '../user-error.ts';

/** The published flows of a connection's table. */
export async function openCatalogue(connection: Pick<Connection, 'aws' | 'table'>): Promise<FlowCatalogue> {
  const table = tableOf(connection);
  const [{ createDocumentClient, createDynamoDbClient }, { DynamoFlowCatalogue }] = await Promise.all([
    import('../../aws/create-dynamodb-client.ts'),
    import('../../aws/dynamo-flow-catalogue.ts'),
  ]);
  return new DynamoFlowCatalogue(createDocumentClient(createDynamoDbClient(connection.aws)), table);
}

export async function openFiles({ aws }: Connection): Promise<FileStore> {
  const [{ createS3Client }, { S3FileStore }] = await Promise.all([
    import('../../aws/create-s3-client.ts'),
    import('../../aws/s3-file-store.ts'),
  ]);
  return new S3FileStore(createS3Client(aws));
}

/** The bucket without a slash at its end. */
export function bucketOf({ bucket }: Connection): string {
  if (bucket !== undefined) return bucket.replace(/\/+$/, '');
  throw new UserError('nobody says which bucket the artifact is to go to', {
    exitCode: EXIT.config,
    next: 'give --bucket s3://bucket/prefix, SLIPWAY_BUCKET, or an agent.yaml with bucket',
  });
}
