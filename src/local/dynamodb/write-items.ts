import { AwsError } from '../service.ts';
import { CollectingStore } from './action-store.ts';
import { conditionHolds, settledCondition } from './condition.ts';
import { type Change, type Database, requireTable } from './database.ts';
import {
  type Answer,
  type BatchInput,
  type ItemAction,
  type ItemInput,
  runAction,
  translated,
  type UpdateSection,
  validated,
} from './dynalite.ts';
import { checkItemSize } from './item-size.ts';
import type { Table } from './table.ts';
import { type Item, indexesOf, type TableDescription } from './table-description.ts';

export type WriteAction = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** What a write answers, and what has to be committed for that answer to be true. */
export interface WritePlan {
  readonly answer: Answer;
  readonly changes: readonly Change[];
}

/** A checked request for one write. */
export interface PreparedWrite {
  readonly action: WriteAction;
  readonly input: ItemInput;
  /** Whether a failed condition is to carry the item as it is. */
  readonly returnsOld: boolean;
}

/** Checks a PutItem, UpdateItem or DeleteItem, as far as that needs no item. */
export function prepareWrite(action: WriteAction, request: object): PreparedWrite {
  const returnsOld = returnsOldOnFailure(request);
  return { action, input: withRemovalsLast(validated(action, request)), returnsOld };
}

/** Plans one write against the database as it is. */
export function planWrite(database: Database, { action, input, returnsOld }: PreparedWrite): WritePlan {
  const table = requireTable(database, input.TableName);
  const existing = existingItem(table, input);
  try {
    const plan = planAction(database, action, withConditionSettled(input, existing));
    for (const change of plan.changes) if (change.kind === 'put') checkItem(change.item, table.description, action);
    return plan;
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ConditionalCheckFailedException') throw error;
    throw new AwsError(error.name, error.message, { members: existing && returnsOld ? { Item: existing } : {} });
  }
}

/** Plans a BatchWriteItem: all of it or, on a fault, nothing. */
export function planBatchWrite(database: Database, request: object): WritePlan {
  const input: BatchInput = validated('BatchWriteItem', request);
  for (const table of Object.keys(input.RequestItems)) requireTable(database, table);
  const plan = planAction(database, 'BatchWriteItem', input);
  for (const change of plan.changes) {
    if (change.kind !== 'put') continue;
    checkItem(change.item, requireTable(database, change.table).description, 'PutItem');
  }
  return plan;
}

/** The item that a write is about, as it is before the write; none if the key does not fit its table. */
function existingItem(table: Table, { Key, Item }: ItemInput): Item | undefined {
  const key = table.keyIn(Key ?? Item ?? {});
  return key === undefined ? undefined : table.items.get(key);
}

function withConditionSettled(input: ItemInput, existing: Item | undefined): ItemInput {
  const { _condition: condition } = input;
  if (condition === undefined) return input;
  const holds = conditionHolds(condition.expression, existing ?? {});
  return { ...input, _condition: { ...condition, expression: settledCondition(holds) } };
}

function planAction(database: Database, action: ItemAction, input: object): WritePlan {
  const store = new CollectingStore(database);
  let outcome: { readonly error: unknown; readonly answer: Answer | undefined } | undefined;
  runAction(action, store, input, (error, answer) => {
    outcome = { error, answer };
  });
  if (outcome === undefined) throw new Error(`${action} did not end at once, so it cannot be committed atomically`);
  if (outcome.error) throw translated(outcome.error);
  return { answer: outcome.answer ?? {}, changes: store.changes };
}

function returnsOldOnFailure(request: object): boolean {
  if (!('ReturnValuesOnConditionCheckFailure' in request)) return false;
  const wanted = request.ReturnValuesOnConditionCheckFailure;
  if (wanted === 'ALL_OLD') return true;
  if (wanted === undefined || wanted === null || wanted === 'NONE') return false;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(wanted)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy ` +
      'constraint: Member must satisfy enum value set: [ALL_OLD, NONE]',
  );
}

/**
 * In one UpdateExpression all list positions are those before the update. dynalite removes one after the other, so
 * removals go last, and higher positions before lower ones.
 */
function withRemovalsLast(input: ItemInput): ItemInput {
  const sections = input._updates?.sections;
  if (!sections?.some((section) => section.type === 'remove' && typeof section.path.at(-1) === 'number')) {
    return input;
  }
  const removals = sections.filter((section) => section.type === 'remove');
  const others = sections.filter((section) => section.type !== 'remove');
  removals.sort((a, b) => lastPosition(b) - lastPosition(a));
  return { ...input, _updates: { ...input._updates, sections: [...others, ...removals] } };
}

function lastPosition({ path }: UpdateSection): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}

/** What DynamoDB refuses of an item as it would be stored, and dynalite does not look at. */
function checkItem(item: Item, table: TableDescription, action: WriteAction): void {
  const what = action === 'UpdateItem' ? 'Item size to update' : 'Item size';
  checkItemSize(item, `${what} has exceeded the maximum allowed size`);
  for (const { IndexName, KeySchema } of indexesOf(table)) {
    for (const { AttributeName } of KeySchema) checkIndexKey(item, IndexName, AttributeName);
  }
}

function checkIndexKey(item: Item, index: string, attribute: string): void {
  const value = item[attribute];
  if (value === undefined || (value.S !== '' && value.B !== '')) return;
  throw new AwsError(
    'ValidationException',
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${value.S === '' ? 'string' : 'binary'} value. ` +
      `IndexName: ${index}, IndexKey: ${attribute}`,
  );
}
