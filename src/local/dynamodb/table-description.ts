/** One attribute value as it travels: exactly one of S, N, B, BOOL, NULL, SS, NS, BS, L, M. Never changed in place. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item, or the key of one. Stored items are never changed in place: a write puts a new one. */
export type Item = Readonly<Record<string, AttributeValue>>;

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}

/** Capacity units of a provisioned table or index; only described, never enforced. */
export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** A secondary index as a client asks for it. */
export interface IndexInput {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  readonly ProvisionedThroughput?: Throughput;
}

/** A secondary index as DescribeTable shows it, without what is counted at that moment. */
export interface IndexDescription extends IndexInput {
  readonly IndexArn: string;
  readonly IndexStatus?: string;
}

/** A table as DescribeTable shows it, without what is counted at that moment. */
export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableId: string;
  readonly TableStatus: string;
  readonly CreationDateTime: number;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly ProvisionedThroughput: Throughput;
  readonly BillingModeSummary?: {
    readonly BillingMode: string;
    readonly LastUpdateToPayPerRequestDateTime?: number;
  };
  readonly DeletionProtectionEnabled: boolean;
  readonly SSEDescription?: { readonly Status: string; readonly SSEType: string };
  readonly TableClassSummary?: { readonly TableClass: string };
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
}

/** All that is kept of a table besides its items. */
export interface TableDefinition {
  readonly description: TableDescription;
  readonly tags: Readonly<Record<string, string>>;
  /** The attribute that holds an item's end of life, in epoch seconds, while time to live is enabled. */
  readonly ttlAttribute?: string;
  /** Since when point-in-time recovery is enabled, epoch ms. */
  readonly recoverableSince?: number;
}

/** The table's local and global indexes. */
export function indexesOf(description: TableDescription): readonly IndexDescription[] {
  return [...(description.LocalSecondaryIndexes ?? []), ...(description.GlobalSecondaryIndexes ?? [])];
}
