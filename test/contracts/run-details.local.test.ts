import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunDetails } from '../../src/aws/dynamo-run-details.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { runDetailsContract } from './run-details-contract.ts';

runDetailsContract('memory', async () => ({ details: new MemoryRunDetails(), stop: async () => {} }));

runDetailsContract('DynamoDB', async () => {
  const aws = await startLocalAws({});
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  return {
    details: new DynamoRunDetails(createDocumentClient(client), 'slipway'),
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
});
