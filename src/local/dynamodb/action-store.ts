import { Stream } from 'node:stream';
import { type Change, type Database, requireTable } from './database.ts';
import { type ActionStore, type ActionValues, type Done, type KeyRange, MAX_ITEM_BYTES } from './dynalite.ts';
import type { SortedMap } from './sorted-map.ts';
import type { Item, TableDescription } from './table-description.ts';

/**
 * A store for one call of one of dynalite's actions. It reads the database and, instead of writing, collects the
 * changes that the action wants, so that the caller can commit those of one or of many actions in one go.
 *
 * Everything here answers at once, so that an action runs from its first read to its last write without giving way to
 * another call. That takes the place of locks: writes follow one another in the order in which they came.
 */
export class CollectingStore implements ActionStore {
  readonly options = { maxItemSize: MAX_ITEM_BYTES };
  readonly changes: Change[] = [];
  readonly #database: Database;
  readonly #exclusiveStartKey: Item | undefined;

  constructor(database: Database, exclusiveStartKey?: Item) {
    this.#database = database;
    this.#exclusiveStartKey = exclusiveStartKey;
  }

  getTable(name: string, checkStatus: boolean | Done<TableDescription>, done?: Done<TableDescription>): void {
    const answer = typeof checkStatus === 'function' ? checkStatus : done;
    answer?.(null, requireTable(this.#database, name).description);
  }

  getItemDb(table: string): ActionValues {
    const { items } = requireTable(this.#database, table);
    return {
      lock: (_key, task) => task((done) => done),
      get: (key, done) => done(null, items.get(key)),
      put: (_key, item, done) => {
        this.changes.push({ kind: 'put', table, item });
        done(null);
      },
      del: (key, done) => {
        this.changes.push({ kind: 'delete', table, key });
        done(null);
      },
      createValueStream: (range) => new ValueStream(items, this.#exactly(range, table, undefined)),
    };
  }

  /** Index entries follow from the items (see {@link Table}), so writes to an index are left out. */
  getIndexDb(_kind: string, table: string, index: string): ActionValues {
    const entries = requireTable(this.#database, table).entries(index);
    return {
      lock: (_key, task) => task((done) => done),
      get: (_key, done) => done(null),
      put: (_key, _item, done) => done(null),
      del: (_key, done) => done(null),
      createValueStream: (range) => new ValueStream(entries, this.#exactly(range, table, index)),
    };
  }

  /** dynalite's own place of a start key in an index can be that of several items; this one is of one item only. */
  #exactly(range: KeyRange, table: string, index: string | undefined): KeyRange {
    if (this.#exclusiveStartKey === undefined) return range;
    const place = requireTable(this.#database, table).placeOf(this.#exclusiveStartKey, index);
    if (place === undefined) return range;
    return range.reverse ? { ...range, lt: place } : { ...range, gt: place };
  }
}

/**
 * Emits the values of a range as they are when the listeners are in place, until it is destroyed. It is a `Stream`
 * because dynalite listens twice to any other emitter, and would see every value twice.
 */
class ValueStream extends Stream {
  #destroyed = false;

  constructor(values: SortedMap<Item> | undefined, range: KeyRange) {
    super();
    process.nextTick(() => {
      try {
        this.#emitAll(values?.range(range) ?? []);
      } catch (error) {
        this.emit('error', error); // what a listener throws is the call's failure, not the end of the process
      }
    });
  }

  #emitAll(values: Iterable<Item>): void {
    for (const value of values) {
      if (this.#destroyed) return;
      this.emit('data', value);
    }
    this.emit('end');
  }

  /** dynalite calls this when it has read enough. */
  destroy(): void {
    this.#destroyed = true;
  }
}
