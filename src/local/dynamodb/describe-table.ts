import type { Input } from '../read-input.ts';
import { type Database, requireTable } from './database.ts';
import { type Answer, validated } from './dynalite.ts';
import type { Table } from './table.ts';
import type { IndexDescription } from './table-description.ts';

/** A table as AWS shows it. Item counts are exact here (AWS counts every six hours); sizes in bytes are not counted. */
export function describeTable(table: Table, status = 'ACTIVE'): Answer {
  const { description } = table;
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global } = description;
  const counted = (index: IndexDescription) => ({
    ...index,
    ...(index.IndexStatus && status === 'CREATING' && { IndexStatus: 'CREATING' }),
    IndexSizeBytes: 0,
    ItemCount: table.entries(index.IndexName)?.size ?? 0,
  });
  return {
    ...description,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...description.ProvisionedThroughput },
    TableStatus: status,
    TableSizeBytes: 0,
    ItemCount: table.items.size,
    ...(local && { LocalSecondaryIndexes: local.map(counted) }),
    ...(global && global.length > 0 && { GlobalSecondaryIndexes: global.map(counted) }),
  };
}

/** ListTables: names in order, `Limit` (at most and by default 100) at a time. */
export function listTables({ tables }: Database, request: object): Answer {
  const { ExclusiveStartTableName: after = '', Limit: limit = 100 } = validated('ListTables', request);
  const names = [...tables.keys()].sort().filter((name) => name > after);
  const TableNames = names.slice(0, limit);
  return names.length > limit ? { TableNames, LastEvaluatedTableName: TableNames.at(-1) } : { TableNames };
}

/** The table that a request names by `TableName`. */
export function namedTable(database: Database, request: Input): Table {
  const { TableName } = validated('DescribeTable', { TableName: request.TableName });
  return requireTable(database, TableName);
}
