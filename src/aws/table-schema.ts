import type { CreateTableCommandInput, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';

/** Index → its hash and range attribute. They hold keys only: an index tells which runs to read, the table what is true. */
const INDEXES = {
  byFlow: ['flowKey', 'timeKey'],
  byDay: ['dayKey', 'timeKey'],
  queued: ['queuedShard', 'queuedKey'],
  inFlight: ['inFlightShard', 'inFlightKey'],
} as const satisfies Record<string, readonly [string, string]>;

/** The one table: runs, and what is known beside them, by `PK` and `SK`; on demand. */
export function tableSchema(table: string): CreateTableCommandInput {
  const attributes = new Set<string>(['PK', 'SK', ...Object.values(INDEXES).flat()]);
  return {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'PK', KeyType: 'HASH' },
      { AttributeName: 'SK', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: Object.entries(INDEXES).map(
      ([name, [hash, range]]): GlobalSecondaryIndex => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      }),
    ),
  };
}
