import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { DynamoScheduleStore } from '../../src/aws/dynamo-schedule-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { scheduleStoreContract } from './schedule-store-contract.ts';

const TABLE = 'slipway-schedules';

const UNSTEADY = {
  'tells of many decisions which were lost, and carries out the others':
    'now and then answers HTTP 500 in HTML: its threads copy a table that another one writes to',
};

scheduleStoreContract(
  'moto',
  async () => {
    const client = createDynamoDbClient({ region: 'us-east-1', endpoint: inject('motoEndpoint') });
    await client.send(new CreateTableCommand(tableSchema(TABLE)));
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: TABLE });
    const documents = createDocumentClient(client);
    return {
      schedules: new DynamoScheduleStore(documents, TABLE),
      runs: new DynamoRunStore(documents, TABLE),
      stop: async () => client.destroy(),
    };
  },
  UNSTEADY,
);
