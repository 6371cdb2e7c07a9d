import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DynamoDbOptions } from '../../../src/local/dynamodb/create-dynamodb.ts';
import { MovedClock } from '../ecs/moved-clock.ts';
import { type LocalDynamoDb, ownedBy, startDynamoDb, TABLE } from './start-dynamodb.ts';

const MINUTE_MS = 60_000;

describe('local DynamoDB', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function start(options: Partial<DynamoDbOptions> = {}): Promise<LocalDynamoDb> {
    const database = startDynamoDb(options);
    ends.push(() => database.close());
    const { TableNames } = await database.call('ListTables', {});
    if ((TableNames as string[]).length === 0) await database.call('CreateTable', TABLE);
    return database;
  }

  function stateDir(): string {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-dynamodb-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    return folder;
  }

  const put = (database: LocalDynamoDb, pk: string, more: Record<string, unknown> = {}) =>
    database.call('PutItem', { TableName: 'runs', Item: { pk: { S: pk }, ...more } });
  const get = async (database: LocalDynamoDb, pk: string) =>
    (await database.call('GetItem', { TableName: 'runs', Key: { pk: { S: pk } } })).Item;
  const increment = (database: LocalDynamoDb, pk: string, ClientRequestToken: string) =>
    database.call('TransactWriteItems', {
      ClientRequestToken,
      TransactItems: [
        {
          Update: {
            TableName: 'runs',
            Key: { pk: { S: pk } },
            UpdateExpression: 'ADD tries :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    });

  it('deletes expired items from the table and from its indexes when time has passed', async () => {
    const clock = new MovedClock();
    const database = await start({ clock });
    await database.call('UpdateTimeToLive', {
      TableName: 'runs',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    const inOneHour = { N: String(Math.floor(clock.now() / 1000) + 3600) };
    await put(database, 'short', { owner: { S: 'me' }, expiresAt: inOneHour });
    await put(database, 'long', { owner: { S: 'me' } });
    await put(database, 'text', { owner: { S: 'me' }, expiresAt: { S: '1' } });
    clock.move(59 * MINUTE_MS);
    expect((await ownedBy(database, 'me')).sort()).toEqual(['long', 'short', 'text']);
    clock.move(2 * MINUTE_MS);
    expect((await ownedBy(database, 'me')).sort()).toEqual(['long', 'text']);
    expect(await get(database, 'short')).toBeUndefined();
  });

  it('knows a transaction by its token for ten minutes, also after a restart', async () => {
    const clock = new MovedClock();
    const options = { clock, stateDir: stateDir() };
    const first = await start(options);
    await increment(first, 'a', 'token-1');
    await first.close();
    const second = await start(options);
    await increment(second, 'a', 'token-1');
    expect(await get(second, 'a')).toEqual({ pk: { S: 'a' }, tries: { N: '1' } });
    await expect(increment(second, 'b', 'token-1')).rejects.toThrow(
      expect.objectContaining({ name: 'IdempotentParameterMismatchException' }),
    );
    clock.move(10 * MINUTE_MS);
    await increment(second, 'a', 'token-1');
    expect(await get(second, 'a')).toEqual({ pk: { S: 'a' }, tries: { N: '2' } });
  });

  it('takes the token of a cancelled transaction again', async () => {
    const database = await start();
    const transaction = {
      ClientRequestToken: 'token-1',
      TransactItems: [
        { Put: { TableName: 'runs', Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    };
    await put(database, 'a');
    await expect(database.call('TransactWriteItems', transaction)).rejects.toThrow('[ConditionalCheckFailed]');
    await database.call('DeleteItem', { TableName: 'runs', Key: { pk: { S: 'a' } } });
    await database.call('TransactWriteItems', transaction);
    expect(await get(database, 'a')).toEqual({ pk: { S: 'a' } });
  });

  it('cancels a transaction whose update cannot be applied, with a ValidationError as the reason', async () => {
    const database = await start();
    await put(database, 'b');
    const call = database.call('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'runs', Item: { pk: { S: 'a' } } } },
        {
          Update: {
            TableName: 'runs',
            Key: { pk: { S: 'b' } },
            UpdateExpression: 'SET lease.holder = :h',
            ExpressionAttributeValues: { ':h': { S: 'me' } },
          },
        },
      ],
    });
    await expect(call).rejects.toThrow('[None, ValidationError]');
    expect(await get(database, 'a')).toBeUndefined();
  });

  it('keeps tables, tags, settings, items and indexes over a restart', async () => {
    const folder = stateDir();
    const first = await start({ stateDir: folder });
    const TableArn = 'arn:aws:dynamodb:us-east-1:123456789012:table/runs';
    await first.call('TagResource', { ResourceArn: TableArn, Tags: [{ Key: 'team', Value: 'data' }] });
    await first.call('UpdateContinuousBackups', {
      TableName: 'runs',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    for (const pk of ['a', 'b', 'c']) await put(first, pk, { owner: { S: 'me' } });
    await first.call('DeleteItem', { TableName: 'runs', Key: { pk: { S: 'b' } } });
    await first.close();
    const second = await start({ stateDir: folder });
    expect((await ownedBy(second, 'me')).sort()).toEqual(['a', 'c']);
    expect((await second.call('ListTagsOfResource', { ResourceArn: TableArn })).Tags).toEqual([
      { Key: 'team', Value: 'data' },
    ]);
    expect(await second.call('DescribeTable', { TableName: 'runs' })).toMatchObject({
      Table: { ItemCount: 2, TableArn, GlobalSecondaryIndexes: [{ ItemCount: 2, IndexStatus: 'ACTIVE' }] },
    });
    expect(await second.call('DescribeContinuousBackups', { TableName: 'runs' })).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
    });
  });

  it('pages through thousands of items with one index key without losing or repeating any', async () => {
    const database = await start();
    const keys = Array.from({ length: 6000 }, (_, index) => `run-${index}`);
    for (let at = 0; at < keys.length; at += 25) {
      const requests = keys.slice(at, at + 25).map((pk) => ({
        PutRequest: { Item: { pk: { S: pk }, owner: { S: 'me' } } },
      }));
      await database.call('BatchWriteItem', { RequestItems: { runs: requests } });
    }
    expect((await ownedBy(database, 'me', 77)).sort()).toEqual(keys.sort());
  });

  it('drops an index with UpdateTable and refuses queries of it', async () => {
    const database = await start();
    await put(database, 'a', { owner: { S: 'me' } });
    const update = { TableName: 'runs', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-owner' } }] };
    await database.call('UpdateTable', update);
    await expect(ownedBy(database, 'me')).rejects.toThrow('does not have the specified index');
    await expect(database.call('UpdateTable', update)).rejects.toThrow('not found');
    await put(database, 'b', { owner: { N: '1' } });
  });

  it('changes between on-demand and provisioned billing', async () => {
    const database = await start();
    const provisioned = {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
    };
    const described = async () => (await database.call('DescribeTable', { TableName: 'runs' })).Table;
    await database.call('UpdateTable', { TableName: 'runs', ...provisioned });
    expect(await described()).toMatchObject({ ProvisionedThroughput: provisioned.ProvisionedThroughput });
    expect(await described()).not.toHaveProperty('BillingModeSummary');
    await database.call('UpdateTable', { TableName: 'runs', BillingMode: 'PAY_PER_REQUEST' });
    expect(await described()).toMatchObject({ BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
    await expect(database.call('UpdateTable', { TableName: 'runs' })).rejects.toThrow('At least one of');
  });

  it('refuses an index that names attributes which nobody defined, and one whose name is taken', async () => {
    const database = await start();
    const index = (IndexName: string, AttributeName: string) => ({
      TableName: 'runs',
      GlobalSecondaryIndexUpdates: [
        {
          Create: { IndexName, KeySchema: [{ AttributeName, KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } },
        },
      ],
    });
    await expect(database.call('UpdateTable', index('by-colour', 'colour'))).rejects.toThrow('not defined in');
    await expect(database.call('UpdateTable', index('by-owner', 'owner'))).rejects.toThrow('already exists');
  });

  it('does not delete a protected table', async () => {
    const database = await start();
    await database.call('UpdateTable', { TableName: 'runs', DeletionProtectionEnabled: true });
    await expect(database.call('DeleteTable', { TableName: 'runs' })).rejects.toThrow('protected against deletion');
    await database.call('UpdateTable', { TableName: 'runs', DeletionProtectionEnabled: false });
    await database.call('DeleteTable', { TableName: 'runs' });
    await expect(database.call('DescribeTable', { TableName: 'runs' })).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });

  it('says that it has no PartiQL, no streams, and no operation that it does not know', async () => {
    const database = await start();
    await expect(database.call('ExecuteStatement', { Statement: 'SELECT' })).rejects.toThrow('no PartiQL');
    const streaming = { ...TABLE, TableName: 'streaming', StreamSpecification: { StreamEnabled: true } };
    await expect(database.call('CreateTable', streaming)).rejects.toThrow('no DynamoDB Streams');
    await expect(database.call('ExportTableToPointInTime', {})).rejects.toThrow('ExportTableToPointInTime');
  });

  it('does not change the request that it is given', async () => {
    const database = await start();
    const input = { TableName: 'runs', Item: { pk: { S: 'a' }, n: { N: '1.0' } }, Unknown: 1 };
    const before = structuredClone(input);
    await database.call('PutItem', input);
    expect(input).toEqual(before);
  });
});
