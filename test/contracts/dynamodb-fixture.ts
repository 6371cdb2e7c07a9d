import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** A case of the contract; runs as expected to fail where the implementation is known to deviate. */
export type ContractCase = (title: string, run: () => Promise<void>) => void;

export const INDEX_WITH_SOME = 'by-state';
export const INDEX_WITH_ALL = 'by-owner';

/** A client of the real SDK that does not repeat calls, so that an error is seen once and as it is. */
export function dynamodbClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'contract', secretAccessKey: 'contract' },
    maxAttempts: 1,
  });
}

/** The table that most cases share; every case uses a partition of its own. */
export class SharedTable {
  readonly name = `contract-${randomUUID().slice(0, 8)}`;
  readonly client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.client = client;
  }

  async create(): Promise<void> {
    await this.client.send(new CreateTableCommand(tableLike(this.name)));
    await becomesActive(this.client, this.name);
  }

  /** A fresh partition key. */
  partition(): string {
    return randomUUID();
  }

  async put(item: Item): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.name, Item: item }));
  }

  async get(pk: string, sk = 'a'): Promise<Item | undefined> {
    const key = { pk: { S: pk }, sk: { S: sk } };
    return (await this.client.send(new GetItemCommand({ TableName: this.name, Key: key, ConsistentRead: true }))).Item;
  }

  update(pk: string, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) {
    const Key = { pk: { S: pk }, sk: { S: 'a' } };
    return this.client.send(new UpdateItemCommand({ TableName: this.name, Key, ...input }));
  }

  /** Puts an item, applies an update to it, and returns what it is then. */
  async updated(item: Item, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<Item | undefined> {
    const pk = this.partition();
    await this.put({ pk: { S: pk }, sk: { S: 'a' }, ...item });
    return (await this.update(pk, { ...input, ReturnValues: 'ALL_NEW' })).Attributes;
  }

  /** Whether a condition holds for an item. */
  async holds(item: Item, condition: string, values?: Item, names?: Record<string, string>): Promise<boolean> {
    const Item = { pk: { S: this.partition() }, sk: { S: 'a' }, ...item };
    await this.put(Item);
    const input = {
      TableName: this.name,
      Item,
      ConditionExpression: condition,
      ...(values && { ExpressionAttributeValues: values }),
      ...(names && { ExpressionAttributeNames: names }),
    };
    try {
      await this.client.send(new PutItemCommand(input));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }
}

/** A table with a sparse index that includes one attribute, and a sparse index with everything. */
export function tableLike(name: string) {
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N' = 'S') => ({ AttributeName, AttributeType });
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [
      attribute('pk'),
      attribute('sk'),
      attribute('state'),
      attribute('due', 'N'),
      attribute('owner'),
    ],
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
    GlobalSecondaryIndexes: [
      {
        IndexName: INDEX_WITH_SOME,
        KeySchema: [key('state', 'HASH'), key('due', 'RANGE')],
        Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: ['note'] },
      },
      { IndexName: INDEX_WITH_ALL, KeySchema: [key('owner', 'HASH')], Projection: { ProjectionType: 'ALL' as const } },
    ],
  };
}

export async function becomesActive(client: DynamoDBClient, TableName: string): Promise<void> {
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
}

/** The error that a call ends with, which must be one. */
export async function errorOf(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the call was expected to fail, and did not');
}

/** The name of the error that a call ends with. */
export async function errorName(call: Promise<unknown>): Promise<string> {
  return (await errorOf(call)).name;
}

export const S = (text: string): AttributeValue => ({ S: text });
export const N = (number: number): AttributeValue => ({ N: String(number) });
