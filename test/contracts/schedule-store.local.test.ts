import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { DynamoScheduleStore } from '../../src/aws/dynamo-schedule-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { MemoryScheduleStore } from '../fakes/memory-schedule-store.ts';
import { scheduleStoreContract } from './schedule-store-contract.ts';

scheduleStoreContract('memory', async () => {
  const runs = new MemoryRunStore();
  return { schedules: new MemoryScheduleStore(runs), runs, stop: async () => {} };
});

scheduleStoreContract('DynamoDB', async () => {
  const aws = await startLocalAws({});
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  const documents = createDocumentClient(client);
  return {
    schedules: new DynamoScheduleStore(documents, 'slipway'),
    runs: new DynamoRunStore(documents, 'slipway'),
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
});
