import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ExecuteStatementCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, vi } from 'vitest';
import { becomesActive, type ContractCase, errorName, S, type SharedTable, tableLike } from './dynamodb-fixture.ts';

export function describeTables(check: ContractCase, table: () => SharedTable): void {
  const fresh = () => `contract-${randomUUID().slice(0, 8)}`;
  const send: SharedTable['client']['send'] = (command: never) => table().client.send(command);

  check('CreateTable makes a table with two global indexes that becomes ACTIVE', async () => {
    const name = fresh();
    await send(new CreateTableCommand(tableLike(name)));
    await becomesActive(table().client, name);
    const { Table } = await send(new DescribeTableCommand({ TableName: name }));
    expect(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexStatus)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  });

  check('CreateTable with the name of an existing table is ResourceInUseException', async () => {
    expect(await errorName(send(new CreateTableCommand(tableLike(table().name))))).toBe('ResourceInUseException');
  });

  check('DescribeTable of an unknown table is ResourceNotFoundException', async () => {
    expect(await errorName(send(new DescribeTableCommand({ TableName: fresh() })))).toBe('ResourceNotFoundException');
  });

  check('tags given to CreateTable are listed', async () => {
    const name = fresh();
    const tags = [{ Key: 'team', Value: 'data' }];
    const { TableDescription } = await send(new CreateTableCommand({ ...tableLike(name), Tags: tags }));
    await becomesActive(table().client, name);
    const { Tags } = await send(new ListTagsOfResourceCommand({ ResourceArn: TableDescription?.TableArn }));
    expect(Tags).toEqual(tags);
  });

  check('UpdateTable adds a global index to an on-demand table and fills it', async () => {
    const name = fresh();
    await send(new CreateTableCommand(tableLike(name)));
    await becomesActive(table().client, name);
    await send(new PutItemCommand({ TableName: name, Item: { pk: S('p'), sk: S('a'), colour: S('red') } }));
    await send(
      new UpdateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: 'colour', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'by-colour',
              KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    );
    await vi.waitFor(
      async () => {
        const { Table } = await send(new DescribeTableCommand({ TableName: name }));
        const index = Table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === 'by-colour');
        expect(index?.IndexStatus).toBe('ACTIVE');
        expect(Table?.TableStatus).toBe('ACTIVE');
      },
      { timeout: 20_000, interval: 100 },
    );
    const { Items } = await send(
      new QueryCommand({
        TableName: name,
        IndexName: 'by-colour',
        KeyConditionExpression: 'colour = :red',
        ExpressionAttributeValues: { ':red': S('red') },
      }),
    );
    expect(Items).toEqual([{ pk: S('p'), sk: S('a'), colour: S('red') }]);
  });

  check('UpdateTimeToLive is described afterwards', async () => {
    const name = fresh();
    await send(new CreateTableCommand(tableLike(name)));
    await becomesActive(table().client, name);
    const specification = { AttributeName: 'expiresAt', Enabled: true };
    await send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }));
    const { TimeToLiveDescription: described } = await send(new DescribeTimeToLiveCommand({ TableName: name }));
    expect(described?.AttributeName).toBe('expiresAt');
    expect(described?.TimeToLiveStatus).toMatch(/^ENABL/);
  });

  check('UpdateContinuousBackups is described afterwards', async () => {
    const name = fresh();
    await send(new CreateTableCommand(tableLike(name)));
    await becomesActive(table().client, name);
    const specification = { PointInTimeRecoveryEnabled: true };
    await send(
      new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification: specification }),
    );
    const { ContinuousBackupsDescription: described } = await send(
      new DescribeContinuousBackupsCommand({ TableName: name }),
    );
    expect(described?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
  });

  check('ExecuteStatement reads with PartiQL', async () => {
    const pk = table().partition();
    await table().put({ pk: S(pk), sk: S('a') });
    const statement = `SELECT * FROM "${table().name}" WHERE pk = ? AND sk = ?`;
    const { Items } = await send(new ExecuteStatementCommand({ Statement: statement, Parameters: [S(pk), S('a')] }));
    expect(Items).toEqual([{ pk: S(pk), sk: S('a') }]);
  });
}
