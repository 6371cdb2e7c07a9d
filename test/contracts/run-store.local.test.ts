import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { runStoreContract } from './run-store-contract.ts';

runStoreContract('memory', async () => ({ store: new MemoryRunStore(), stop: async () => {} }));

runStoreContract('DynamoDB', async () => {
  const aws = await startLocalAws({});
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  return {
    store: new DynamoRunStore(createDocumentClient(client), 'slipway'),
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
});
