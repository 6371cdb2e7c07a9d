import { CollectingStore } from './action-store.ts';
import { conditionHolds, settledCondition } from './condition.ts';
import { type Database, requireTable } from './database.ts';
import {
  type Answer,
  type BatchInput,
  type ItemAction,
  type ItemInput,
  projected,
  runAction,
  translated,
  validated,
} from './dynalite.ts';
import type { Item } from './table-description.ts';

/** Answers a GetItem. The answer is of the moment of the call. */
export async function getItem(database: Database, request: object): Promise<Answer> {
  const input = validated('GetItem', request);
  requireTable(database, input.TableName);
  return answerOf('GetItem', new CollectingStore(database), input);
}

/** Answers a Query or Scan: a page of items as they lie, and of those the ones that the filter lets through. */
export async function readPage(database: Database, action: 'Query' | 'Scan', request: object): Promise<Answer> {
  const input: ItemInput = validated(action, request);
  requireTable(database, input.TableName);
  const store = new CollectingStore(database, input.ExclusiveStartKey);
  const { _filter: filter, _projection: projection, Select, ...rest } = input;
  if (filter === undefined) return answerOf(action, store, input);
  const page = await answerOf(action, store, {
    ...rest,
    ...(Select !== undefined && Select !== 'COUNT' && { Select }),
    _filter: { ...filter, expression: settledCondition(true) },
    ...(projection && { _projection: { ...projection, paths: undefined } }),
  });
  const items = itemsOf(page).filter((item) => conditionHolds(filter.expression, item));
  const { Items: _all, ...answer } = page;
  if (Select === 'COUNT') return { ...answer, Count: items.length };
  const Items = projection ? items.map((item) => projected(item, projection)) : items;
  return { ...answer, Count: items.length, Items };
}

function itemsOf({ Items }: Answer): readonly Item[] {
  return Array.isArray(Items) ? Items : [];
}

/** Answers a BatchGetItem. */
export async function batchGet(database: Database, request: object): Promise<Answer> {
  const input: BatchInput = validated('BatchGetItem', request);
  for (const table of Object.keys(input.RequestItems)) requireTable(database, table);
  return answerOf('BatchGetItem', new CollectingStore(database), input);
}

function answerOf(action: ItemAction, store: CollectingStore, input: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    runAction(action, store, input, (error, answer) => {
      if (error) reject(translated(error));
      else resolve(answer ?? {});
    });
  });
}
