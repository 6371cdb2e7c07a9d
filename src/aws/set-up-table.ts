import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { isAwsError } from './call-error.ts';
import { SetUpConflict, type SetUpOptions, type SetUpStep } from './set-up-step.ts';
import { tableSchema } from './table-schema.ts';
import { TTL_ATTRIBUTE } from './time-to-live.ts';

/** A table takes seconds, an index on a large table may take hours: then the set-up is simply run again. */
const LOOK_EVERY_MS = 1_000;
const MAX_LOOKS = 600;

/** Makes the table, or adds what an older one lacks: indexes, time to live, point-in-time recovery. */
export async function setUpTable(client: DynamoDBClient, table: string, options: SetUpOptions): Promise<SetUpStep> {
  const found = await describe(client, table);
  if (found === undefined && options.dryRun) return { kind: 'table', name: table, outcome: 'created', details: [] };
  if (found === undefined) await client.send(new CreateTableCommand(tableSchema(table)));
  else assertKeys(found);
  if (!options.dryRun) await waitUntilActive(client, table, options);
  const details = [
    ...(found === undefined ? [] : await addIndexes(client, found, options)),
    ...(await enableTimeToLive(client, table, options)),
    ...(await enableRecovery(client, table, options)),
  ];
  if (found === undefined) return { kind: 'table', name: table, outcome: 'created', details };
  return { kind: 'table', name: table, outcome: details.length > 0 ? 'updated' : 'exists', details };
}

async function describe(client: DynamoDBClient, table: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }))).Table;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function assertKeys({ TableName, KeySchema }: TableDescription): void {
  const keys = keysText(KeySchema);
  const wanted = keysText(tableSchema('any').KeySchema);
  if (keys !== wanted) {
    throw new SetUpConflict(`the table ${TableName} has the keys ${keys}; Slipway's table has ${wanted}`);
  }
}

function keysText(keys: readonly KeySchemaElement[] = []): string {
  return keys.map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ');
}

/** One index at a time: DynamoDB makes no two at once (API UpdateTable). */
async function addIndexes(
  client: DynamoDBClient,
  found: TableDescription,
  options: SetUpOptions,
): Promise<readonly string[]> {
  const { TableName: table = '', GlobalSecondaryIndexes: existing = [] } = found;
  const { AttributeDefinitions, GlobalSecondaryIndexes: wanted = [] } = tableSchema(table);
  const known = new Set(existing.map(({ IndexName }) => IndexName));
  const missing = wanted.filter(({ IndexName }) => !known.has(IndexName));
  for (const { IndexName, KeySchema, Projection } of options.dryRun ? [] : missing) {
    await client.send(
      new UpdateTableCommand({
        TableName: table,
        AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: { IndexName, KeySchema, Projection } }],
      }),
    );
    await waitUntilActive(client, table, options);
  }
  return missing.map(({ IndexName }) => `index ${IndexName} added`);
}

async function waitUntilActive(client: DynamoDBClient, table: string, { sleep }: SetUpOptions): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const found = await describe(client, table);
    if (found !== undefined && isActive(found)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new SetUpConflict(
    `the table ${table} is still being changed after ${MAX_LOOKS} seconds; run the set-up again later`,
  );
}

function isActive({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): boolean {
  return TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
}

async function enableTimeToLive(
  client: DynamoDBClient,
  table: string,
  { dryRun }: SetUpOptions,
): Promise<readonly string[]> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  const { TimeToLiveStatus: status, AttributeName: attribute } = TimeToLiveDescription ?? {};
  if (status === 'ENABLED' || status === 'ENABLING') {
    if (attribute === TTL_ATTRIBUTE) return [];
    throw new SetUpConflict(`time to live of ${table} is on for the attribute ${attribute}, not for ${TTL_ATTRIBUTE}`);
  }
  if (!dryRun) {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      }),
    );
  }
  return [`time to live on ${TTL_ATTRIBUTE}`];
}

async function enableRecovery(
  client: DynamoDBClient,
  table: string,
  { dryRun }: SetUpOptions,
): Promise<readonly string[]> {
  const { ContinuousBackupsDescription } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const { PointInTimeRecoveryStatus: status } = ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  if (status === 'ENABLED') return [];
  if (!dryRun) {
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
  }
  return ['point-in-time recovery on'];
}
