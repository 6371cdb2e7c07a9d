import type { Answer } from './dynalite.ts';

/**
 * A transaction's `ConsumedCapacity`, from those of its actions: one entry per table, at twice the units of the same
 * actions outside a transaction (DynamoDB Developer Guide, "Capacity management for transactions").
 */
export function consumedByTables(wanted: unknown, answers: readonly Answer[]): Answer {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return {};
  const units = new Map<string, number>();
  for (const { ConsumedCapacity: consumed } of answers) {
    if (!isConsumed(consumed)) continue;
    units.set(consumed.TableName, (units.get(consumed.TableName) ?? 0) + 2 * consumed.CapacityUnits);
  }
  const ConsumedCapacity = [...units].map(([TableName, CapacityUnits]) =>
    wanted === 'INDEXES' ? { TableName, CapacityUnits, Table: { CapacityUnits } } : { TableName, CapacityUnits },
  );
  return { ConsumedCapacity };
}

function isConsumed(value: unknown): value is { readonly TableName: string; readonly CapacityUnits: number } {
  return typeof value === 'object' && value !== null && 'TableName' in value && 'CapacityUnits' in value;
}
