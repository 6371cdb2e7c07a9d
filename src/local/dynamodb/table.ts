import { keyOf } from './dynalite.ts';
import { SortedMap } from './sorted-map.ts';
import {
  type IndexDescription,
  type Item,
  indexesOf,
  type KeyElement,
  type TableDefinition,
  type TableDescription,
} from './table-description.ts';

/** The entries of one index: what the index projects of each item that has the index's keys. */
class TableIndex {
  readonly entries = new SortedMap<Item>();
  readonly description: IndexDescription;
  readonly #table: TableDescription;
  /** The attributes to keep, or undefined for all. */
  readonly #projected: readonly string[] | undefined;

  constructor(description: IndexDescription, table: TableDescription) {
    this.description = description;
    this.#table = table;
    this.#projected = projectedAttributes(description, table);
  }

  /** Equal index keys are told apart by the item's own key, so that no entry hides another. */
  keyOf(item: Item, itemKey: string): string | undefined {
    const { KeySchema } = this.description;
    return hasKeys(item, KeySchema, this.#table) ? keyOf(item, this.#table, KeySchema) + itemKey : undefined;
  }

  replace(itemKey: string, before: Item | undefined, after: Item | undefined): void {
    const keyBefore = before && this.keyOf(before, itemKey);
    const keyAfter = after && this.keyOf(after, itemKey);
    if (keyBefore !== undefined && keyBefore !== keyAfter) this.entries.delete(keyBefore);
    if (after !== undefined && keyAfter !== undefined) this.entries.set(keyAfter, this.#project(after));
  }

  #project(item: Item): Item {
    if (this.#projected === undefined) return item;
    const entry: Record<string, Item[string]> = {};
    for (const name of this.#projected) {
      const value = item[name];
      if (value !== undefined) entry[name] = value;
    }
    return entry;
  }
}

/** One table in memory. A write changes the item and all its index entries in one go, with nothing in between. */
export class Table {
  readonly items = new SortedMap<Item>();
  readonly #indexes = new Map<string, TableIndex>();
  #definition: TableDefinition;

  constructor(definition: TableDefinition) {
    this.#definition = definition;
    this.#alignIndexes();
  }

  get definition(): TableDefinition {
    return this.#definition;
  }

  get description(): TableDescription {
    return this.#definition.description;
  }

  /** Takes over a new definition: fills indexes that are new and drops those that are gone. */
  redefine(definition: TableDefinition): void {
    this.#definition = definition;
    this.#alignIndexes();
  }

  keyOf(item: Item): string {
    return keyOf(item, this.description);
  }

  /** The storage key, or undefined if the item lacks a part of the key or has it with another type. */
  keyIn(item: Item): string | undefined {
    const { KeySchema } = this.description;
    return hasKeys(item, KeySchema, this.description) ? this.keyOf(item) : undefined;
  }

  put(item: Item): void {
    const key = this.keyOf(item);
    const before = this.items.get(key);
    for (const index of this.#indexes.values()) index.replace(key, before, item);
    this.items.set(key, item);
  }

  delete(key: string): void {
    const before = this.items.get(key);
    if (before === undefined) return;
    for (const index of this.#indexes.values()) index.replace(key, before, undefined);
    this.items.delete(key);
  }

  entries(indexName: string): SortedMap<Item> | undefined {
    return this.#indexes.get(indexName)?.entries;
  }

  /** The place of an item within an index, or within the table itself. */
  placeOf(item: Item, indexName: string | undefined): string | undefined {
    const key = this.keyOf(item);
    return indexName === undefined ? key : this.#indexes.get(indexName)?.keyOf(item, key);
  }

  #alignIndexes(): void {
    const wanted = indexesOf(this.description);
    for (const name of this.#indexes.keys()) {
      if (!wanted.some((index) => index.IndexName === name)) this.#indexes.delete(name);
    }
    for (const description of wanted) {
      if (this.#indexes.has(description.IndexName)) continue;
      const index = new TableIndex(description, this.description);
      for (const item of this.items.range()) index.replace(this.keyOf(item), undefined, item);
      this.#indexes.set(description.IndexName, index);
    }
  }
}

function projectedAttributes({ KeySchema, Projection }: IndexDescription, table: TableDescription) {
  if (Projection.ProjectionType === 'ALL') return undefined;
  const keys = [...KeySchema, ...table.KeySchema].map((element) => element.AttributeName);
  return [...new Set([...keys, ...(Projection.NonKeyAttributes ?? [])])];
}

function hasKeys(item: Item, keySchema: readonly KeyElement[], table: TableDescription): boolean {
  return keySchema.every(({ AttributeName }) => {
    const type = typeOf(AttributeName, table);
    return type !== undefined && item[AttributeName]?.[type] !== undefined;
  });
}

function typeOf(attribute: string, table: TableDescription): string | undefined {
  return table.AttributeDefinitions.find(({ AttributeName }) => AttributeName === attribute)?.AttributeType;
}
