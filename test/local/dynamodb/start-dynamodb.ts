import { createDynamoDb, type DynamoDbOptions } from '../../../src/local/dynamodb/create-dynamodb.ts';
import { systemClock } from '../../../src/local/system-clock.ts';

/** DynamoDB without HTTP: calls go to the service itself, so that a test can move its clock or start it again. */
export function startDynamoDb(options: Partial<DynamoDbOptions> = {}) {
  const service = createDynamoDb({
    stateDir: undefined,
    clock: systemClock,
    region: 'us-east-1',
    accountId: '123456789012',
    ...options,
  });
  const gone = new AbortController().signal;
  return {
    close: () => service.close(),
    /** The members of the answer. */
    async call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
      const answer = await service.call({ operation, input, gone, endpoint: 'http://127.0.0.1', caller: 'test' });
      return { ...(answer as object) };
    },
  };
}

export type LocalDynamoDb = ReturnType<typeof startDynamoDb>;

/** A table with the key `pk` and a sparse index `by-owner` with everything. */
export const TABLE = {
  TableName: 'runs',
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
};

/** Primary keys of all items of an owner, through the index and page by page. */
export async function ownedBy(database: LocalDynamoDb, owner: string, Limit = 1000): Promise<string[]> {
  const keys: string[] = [];
  let start: unknown;
  do {
    const page = await database.call('Query', {
      TableName: 'runs',
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: owner } },
      Limit,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    for (const item of page.Items as { pk: { S: string } }[]) keys.push(item.pk.S);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return keys;
}
