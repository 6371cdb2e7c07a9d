import {
  type Input,
  isInput,
  optionalFlag,
  optionalNumber,
  optionalStructure,
  optionalText,
  structureList,
} from '../read-input.ts';
import { AwsError } from '../service.ts';
import { indexDescription, onDemandSince, refuseStreams } from './create-table.ts';
import type { DatabaseJournal } from './database.ts';
import { describeTable, namedTable } from './describe-table.ts';
import { type Answer, validated } from './dynalite.ts';
import {
  type IndexDescription,
  type IndexInput,
  indexesOf,
  type TableDescription,
  type Throughput,
} from './table-description.ts';

/** The members of UpdateTable, one of which there must be. */
const CHANGES = [
  'BillingMode',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'ProvisionedThroughput',
  'SSESpecification',
  'StreamSpecification',
  'TableClass',
];

/**
 * UpdateTable: add or remove an index, billing mode and throughput, deletion protection, table class. The answer says
 * UPDATING, as AWS's does; right after it the table is ACTIVE and a new index is filled.
 */
export function updateTable(journal: DatabaseJournal, request: Input, now: number): Answer {
  const table = namedTable(journal.state, request);
  const updates = structureList(request, 'GlobalSecondaryIndexUpdates');
  refuseStreams(request);
  if (updates.length === 0 && !CHANGES.some((member) => member in request)) {
    throw invalid(`At least one of ${CHANGES.join(', ')} or GlobalSecondaryIndexUpdates is required`);
  }
  if (updates.filter((update) => update.Create || update.Delete).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  const described = withSettings(table.description, request, now);
  const description = updates.reduce<TableDescription>(
    (description, update) => withIndexUpdate(description, update, request.AttributeDefinitions),
    described,
  );
  journal.change({ kind: 'define', definition: { ...table.definition, description } });
  return { TableDescription: whileUpdating(describeTable(table, 'UPDATING'), updates) };
}

function withSettings(description: TableDescription, request: Input, now: number): TableDescription {
  const TableClass = optionalText(request, 'TableClass');
  return {
    ...withBilling(description, request, now),
    DeletionProtectionEnabled:
      optionalFlag(request, 'DeletionProtectionEnabled') ?? description.DeletionProtectionEnabled,
    ...(TableClass !== undefined && { TableClassSummary: { TableClass } }),
  };
}

function withBilling(description: TableDescription, request: Input, now: number): TableDescription {
  const { BillingModeSummary: summary, ...rest } = description;
  const mode = optionalText(request, 'BillingMode') ?? summary?.BillingMode ?? 'PROVISIONED';
  const throughput = throughputOf(request);
  if (mode === 'PAY_PER_REQUEST') {
    if (throughput === undefined) {
      return { ...rest, ProvisionedThroughput: ON_DEMAND, BillingModeSummary: summary ?? onDemandSince(now) };
    }
    throw invalid(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (summary && !throughput) {
    throw invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  return { ...rest, ProvisionedThroughput: throughput ?? description.ProvisionedThroughput };
}

const ON_DEMAND: Throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

function throughputOf(request: Input): Throughput | undefined {
  const given = optionalStructure(request, 'ProvisionedThroughput');
  if (given === undefined) return undefined;
  const [ReadCapacityUnits = 0, WriteCapacityUnits = 0] = [
    optionalNumber(given, 'ReadCapacityUnits'),
    optionalNumber(given, 'WriteCapacityUnits'),
  ];
  if (ReadCapacityUnits >= 1 && WriteCapacityUnits >= 1) return { ReadCapacityUnits, WriteCapacityUnits };
  throw invalid('ReadCapacityUnits and WriteCapacityUnits must both be at least 1');
}

function withIndexUpdate(table: TableDescription, update: Input, definitions: unknown): TableDescription {
  const created = optionalStructure(update, 'Create');
  if (created) return withIndex(table, created, definitions);
  const change = optionalStructure(update, 'Delete') ?? optionalStructure(update, 'Update') ?? {};
  const name = optionalText(change, 'IndexName');
  const { GlobalSecondaryIndexes: indexes = [], ...rest } = table;
  if (!indexes.some((index) => index.IndexName === name)) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
  }
  const throughput = throughputOf(change);
  const kept = update.Delete
    ? indexes.filter((index) => index.IndexName !== name)
    : indexes.map((index) =>
        index.IndexName === name && throughput ? { ...index, ProvisionedThroughput: throughput } : index,
      );
  return withUsedAttributes(kept.length > 0 ? { ...rest, GlobalSecondaryIndexes: kept } : rest);
}

/** The new index is checked as one of a new table of this shape: keys, projection, limits. */
function withIndex(table: TableDescription, created: Input, definitions: unknown): TableDescription {
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global = [] } = table;
  const { ProvisionedThroughput: _given, ...index } = created;
  if (global.some(({ IndexName }) => IndexName === created.IndexName)) {
    throw invalid(`Attempting to create an index which already exists: ${created.IndexName}`);
  }
  const checked = validated('CreateTable', {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: mergedDefinitions(table, definitions),
    BillingMode: 'PAY_PER_REQUEST',
    ...(local && { LocalSecondaryIndexes: local.map(asInput) }),
    GlobalSecondaryIndexes: [...global.map(asInput), index],
  });
  const [added] = checked.GlobalSecondaryIndexes?.slice(-1) ?? [];
  if (added === undefined) throw new Error('the check of a new index lost it');
  const ProvisionedThroughput = throughputOf(created) ?? ON_DEMAND;
  const described = indexDescription({ ...added, ProvisionedThroughput }, table.TableArn, true);
  return withUsedAttributes({
    ...table,
    AttributeDefinitions: checked.AttributeDefinitions,
    GlobalSecondaryIndexes: [...global, described],
  });
}

function asInput({ IndexName, KeySchema, Projection }: IndexDescription): IndexInput {
  return { IndexName, KeySchema, Projection };
}

/** What is defined already stays as it is. */
function mergedDefinitions({ AttributeDefinitions: known }: TableDescription, given: unknown): readonly unknown[] {
  const names = known.map(({ AttributeName }): unknown => AttributeName);
  const added = (Array.isArray(given) ? given : []).filter(
    (one) => !isInput(one) || !names.includes(one.AttributeName),
  );
  return [...known, ...added];
}

/** Attributes that no key uses any more leave the definitions, as in AWS. */
function withUsedAttributes(table: TableDescription): TableDescription {
  const keys = [table, ...indexesOf(table)].flatMap(({ KeySchema }) => KeySchema);
  const used = new Set(keys.map(({ AttributeName }) => AttributeName));
  return { ...table, AttributeDefinitions: table.AttributeDefinitions.filter((one) => used.has(one.AttributeName)) };
}

function whileUpdating(table: Answer, updates: readonly Input[]): Answer {
  const created = updates.flatMap((update) => optionalStructure(update, 'Create')?.IndexName ?? []);
  const indexes = table.GlobalSecondaryIndexes;
  if (created.length === 0 || !Array.isArray(indexes)) return table;
  return {
    ...table,
    GlobalSecondaryIndexes: indexes.map((index: IndexDescription) =>
      created.includes(index.IndexName) ? { ...index, IndexStatus: 'CREATING', Backfilling: false } : index,
    ),
  };
}

function invalid(text: string): AwsError {
  return new AwsError('ValidationException', `One or more parameter values were invalid: ${text}`);
}
