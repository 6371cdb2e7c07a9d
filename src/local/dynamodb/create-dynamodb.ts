import { join } from 'node:path';
import type { Input } from '../read-input.ts';
import { AwsError, type JsonCall, type JsonService, type LocalClock } from '../service.ts';
import { describeContinuousBackups, updateContinuousBackups } from './continuous-backups.ts';
import { createTable } from './create-table.ts';
import { type DatabaseJournal, openDatabase } from './database.ts';
import { describeTable, listTables, namedTable } from './describe-table.ts';
import type { Answer } from './dynalite.ts';
import { batchGet, getItem, readPage } from './read-items.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { deleteExpired, describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGet } from './transact-get.ts';
import { planTransaction } from './transact-write.ts';
import { updateTable } from './update-table.ts';
import { planBatchWrite, planWrite, prepareWrite, type WriteAction, type WritePlan } from './write-items.ts';

export interface DynamoDbOptions {
  /** The folder for what outlives the process, or undefined to keep everything in memory. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

/** Local DynamoDB, and what others may know of its tables. */
export interface DynamoDbService extends JsonService {
  /** The partition key of a table; undefined for a table that is not there. */
  readonly partitionKeyOf: (table: string) => string | undefined;
}

/** How often expired items are deleted. AWS takes up to a few days; tests should not have to. */
const SWEEP_EVERY_MS = 5000;

type Operation = (input: Input) => Answer | Promise<Answer>;

/**
 * DynamoDB on one process. Checks, expressions and item actions are dynalite's; tables, indexes, transactions, time to
 * live and durability are here. The state is `dynamodb.journal` in the state folder.
 */
export function createDynamoDb(options: DynamoDbOptions): DynamoDbService {
  const { stateDir, clock } = options;
  const journal = openDatabase(stateDir === undefined ? undefined : join(stateDir, 'dynamodb.journal'));
  const operations = new Map(Object.entries(operationsOf(journal, options)));
  const sweeper = sweepForever(journal, clock);
  return {
    name: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    contentType: 'application/x-amz-json-1.0',
    partitionKeyOf: (table) =>
      journal.state.tables.get(table)?.description.KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName,
    async call({ operation, input }: JsonCall) {
      const run = operations.get(operation);
      if (run) return run(input);
      throw unknownOperation(operation);
    },
    async close() {
      sweeper.cancel();
      journal.close();
    },
  };
}

function operationsOf(journal: DatabaseJournal, { clock, region, accountId }: DynamoDbOptions) {
  const database = journal.state;
  const commit = ({ answer, changes }: WritePlan): Answer => {
    journal.change(...changes);
    return answer;
  };
  const write = (action: WriteAction) => (input: Input) => commit(planWrite(database, prepareWrite(action, input)));
  return {
    GetItem: (input) => getItem(database, input),
    Query: (input) => readPage(database, 'Query', input),
    Scan: (input) => readPage(database, 'Scan', input),
    BatchGetItem: (input) => batchGet(database, input),
    TransactGetItems: (input) => transactGet(database, input),
    PutItem: write('PutItem'),
    UpdateItem: write('UpdateItem'),
    DeleteItem: write('DeleteItem'),
    BatchWriteItem: (input) => commit(planBatchWrite(database, input)),
    TransactWriteItems: (input) => commit(planTransaction(database, input, clock.now())),
    CreateTable: (input) => createTable(journal, input, { region, accountId, now: clock.now() }),
    UpdateTable: (input) => updateTable(journal, input, clock.now()),
    DeleteTable: (input) => deleteTable(journal, input),
    DescribeTable: (input) => ({ Table: describeTable(namedTable(database, input)) }),
    ListTables: (input) => listTables(database, input),
    TagResource: (input) => tagResource(journal, input),
    UntagResource: (input) => untagResource(journal, input),
    ListTagsOfResource: (input) => listTags(database, input),
    UpdateTimeToLive: (input) => updateTimeToLive(journal, input),
    DescribeTimeToLive: (input) => describeTimeToLive(database, input),
    UpdateContinuousBackups: (input) => updateContinuousBackups(journal, input, clock.now()),
    DescribeContinuousBackups: (input) => describeContinuousBackups(database, input, clock.now()),
  } satisfies Readonly<Record<string, Operation>>;
}

function deleteTable(journal: DatabaseJournal, input: Input): Answer {
  const table = namedTable(journal.state, input);
  const { TableName, TableArn, DeletionProtectionEnabled } = table.description;
  if (DeletionProtectionEnabled) {
    throw new AwsError(
      'ValidationException',
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${TableArn}`,
    );
  }
  const { GlobalSecondaryIndexes: _gone, ...described } = describeTable(table, 'DELETING');
  journal.change({ kind: 'drop', table: TableName });
  return { TableDescription: described };
}

function sweepForever(journal: DatabaseJournal, clock: LocalClock): { cancel(): void } {
  let next = clock.after(SWEEP_EVERY_MS, sweep);
  function sweep(): void {
    deleteExpired(journal, clock.now());
    next = clock.after(SWEEP_EVERY_MS, sweep);
  }
  return { cancel: () => next.cancel() };
}

const PARTIQL: ReadonlySet<string> = new Set(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']);

function unknownOperation(operation: string): AwsError {
  if (PARTIQL.has(operation)) {
    return new AwsError(
      'ValidationException',
      `Local AWS has no PartiQL (${operation}): use GetItem, Query, PutItem, UpdateItem, DeleteItem or a transaction`,
    );
  }
  return new AwsError('UnknownOperationException', `Local AWS has no DynamoDB operation ${operation}`);
}
