import { randomUUID } from 'node:crypto';
import { type Input, optionalFlag, optionalStructure, optionalText, structureList } from '../read-input.ts';
import { AwsError } from '../service.ts';
import { type DatabaseJournal, requireTable } from './database.ts';
import { describeTable } from './describe-table.ts';
import { type Answer, type CreateTableInput, validated } from './dynalite.ts';
import type {
  IndexDescription,
  IndexInput,
  TableDefinition,
  TableDescription,
  Throughput,
} from './table-description.ts';
import { checkedTags } from './tags.ts';

/** Where and when a table is made. */
export interface TableMaker {
  readonly region: string;
  readonly accountId: string;
  /** Epoch ms. */
  readonly now: number;
}

const ON_DEMAND: Throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/** CreateTable. The answer says CREATING, as AWS's does; the table is ACTIVE right after it. */
export function createTable(journal: DatabaseJournal, request: Input, maker: TableMaker): Answer {
  const input = validated('CreateTable', request);
  if (journal.state.tables.has(input.TableName)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${input.TableName}`);
  }
  refuseStreams(request);
  const definition: TableDefinition = {
    description: descriptionOf(input, request, maker),
    tags: checkedTags(structureList(request, 'Tags')),
  };
  journal.change({ kind: 'define', definition });
  return { TableDescription: describeTable(requireTable(journal.state, input.TableName), 'CREATING') };
}

/** A request for a stream is refused instead of being overheard. */
export function refuseStreams(request: Input): void {
  const specification = optionalStructure(request, 'StreamSpecification') ?? {};
  if (optionalFlag(specification, 'StreamEnabled') !== true) return;
  throw new AwsError('ValidationException', 'Local AWS has no DynamoDB Streams: leave out StreamSpecification');
}

/** An index as it is described once it exists. */
export function indexDescription(index: IndexInput, tableArn: string, isGlobal: boolean): IndexDescription {
  const described = { ...index, IndexArn: `${tableArn}/index/${index.IndexName}` };
  if (!isGlobal) return described;
  return { ...described, IndexStatus: 'ACTIVE', ProvisionedThroughput: index.ProvisionedThroughput ?? ON_DEMAND };
}

function descriptionOf(
  input: CreateTableInput,
  request: Input,
  { region, accountId, now }: TableMaker,
): TableDescription {
  const TableArn = `arn:aws:dynamodb:${region}:${accountId}:table/${input.TableName}`;
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global } = input;
  const TableClass = optionalText(request, 'TableClass');
  return {
    TableName: input.TableName,
    TableArn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: now / 1000,
    KeySchema: input.KeySchema,
    AttributeDefinitions: input.AttributeDefinitions,
    ProvisionedThroughput: input.ProvisionedThroughput ?? ON_DEMAND,
    ...(input.BillingMode === 'PAY_PER_REQUEST' && { BillingModeSummary: onDemandSince(now) }),
    DeletionProtectionEnabled: optionalFlag(request, 'DeletionProtectionEnabled') ?? false,
    ...(TableClass !== undefined && { TableClassSummary: { TableClass } }),
    ...(wantsKms(request) && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' } }),
    ...(local && { LocalSecondaryIndexes: local.map((index) => indexDescription(index, TableArn, false)) }),
    ...(global && { GlobalSecondaryIndexes: global.map((index) => indexDescription(index, TableArn, true)) }),
  };
}

/** The billing summary of a table that is on demand since `now` (epoch ms). */
export function onDemandSince(now: number) {
  return { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: now / 1000 };
}

function wantsKms(request: Input): boolean {
  return optionalFlag(optionalStructure(request, 'SSESpecification') ?? {}, 'Enabled') === true;
}
