import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoFlowCatalogue } from '../../src/aws/dynamo-flow-catalogue.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { MemoryFlowCatalogue } from '../fakes/memory-flow-catalogue.ts';
import { flowCatalogueContract } from './flow-catalogue-contract.ts';

flowCatalogueContract('memory', async () => ({ catalogue: new MemoryFlowCatalogue(), stop: async () => {} }));

flowCatalogueContract('DynamoDB', async () => {
  const aws = await startLocalAws({});
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  return {
    catalogue: new DynamoFlowCatalogue(createDocumentClient(client), 'slipway'),
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
});
