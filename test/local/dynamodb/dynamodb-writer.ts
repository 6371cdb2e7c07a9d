import { writeSync } from 'node:fs';
import {
  CreateTableCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { startLocalAws } from '../../../src/local/start-local-aws.ts';

/**
 * A program to be killed: local AWS with its state in a folder, and sixteen writers that print what was acknowledged,
 * a line each. `item <key> <owner>` is an item and its owner; `count <n>` the shared counter after an increment.
 */
const [stateDir = ''] = process.argv.slice(2);
const aws = await startLocalAws({ stateDir });
const client = new DynamoDBClient({
  endpoint: aws.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'writer', secretAccessKey: 'writer' },
});
const say = (line: string) => writeSync(1, `${line}\n`);
const S = (text: string) => ({ S: text });

await client.send(
  new CreateTableCommand({
    TableName: 'killed',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-owner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  }),
);

/** Sets the owner of an item, and of its twin in the same transaction. */
async function own(pk: string, owner: string): Promise<void> {
  const update = (key: string) => ({
    Update: {
      TableName: 'killed',
      Key: { pk: S(key) },
      UpdateExpression: 'SET #o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': S(owner) },
    },
  });
  await client.send(new TransactWriteItemsCommand({ TransactItems: [update(pk), update(`${pk}-twin`)] }));
  say(`item ${pk} ${owner}`);
}

async function count(): Promise<void> {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: 'killed',
      Key: { pk: S('counter') },
      UpdateExpression: 'ADD tries :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  say(`count ${Attributes?.tries?.N}`);
}

async function writeForEver(writer: number): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    await own(`w${writer}-${turn % 50}`, `owner-${turn}`);
    await count();
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => writeForEver(writer)));
