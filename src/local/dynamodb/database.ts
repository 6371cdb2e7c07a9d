import { Journal } from '../journal.ts';
import { AwsError } from '../service.ts';
import { Table } from './table.ts';
import type { Item, TableDefinition } from './table-description.ts';

/** A transaction's token is good for ten minutes (API TransactWriteItems, ClientRequestToken). */
export const TOKEN_LIFETIME_MS = 10 * 60 * 1000;

export interface TransactionToken {
  readonly token: string;
  /** Of what the transaction was to do. */
  readonly digest: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Everything that outlives the process. */
export interface Database {
  readonly tables: Map<string, Table>;
  /** In the order in which they came. */
  readonly tokens: Map<string, TransactionToken>;
}

/** One change of the database. What a call changes goes into the journal as one line: all of it or nothing. */
export type Change =
  | { readonly kind: 'define'; readonly definition: TableDefinition }
  | { readonly kind: 'drop'; readonly table: string }
  | { readonly kind: 'put'; readonly table: string; readonly item: Item }
  | { readonly kind: 'delete'; readonly table: string; readonly key: string }
  | { readonly kind: 'token'; readonly token: TransactionToken };

export type DatabaseJournal = Journal<Database, Change>;

/**
 * Opens the database in memory, with a journal of whole items on disk (or none, without a path).
 *
 * dynalite keeps items and index entries in LevelDB and writes them one after the other, so a crash may part them.
 * Here the journal knows items only: a line is written before the answer leaves, and index entries are derived from
 * the items, at every write and at every start. A kill therefore loses nothing acknowledged, and an index can never
 * disagree with its table.
 */
export function openDatabase(path: string | undefined): DatabaseJournal {
  return new Journal<Database, Change>({
    path,
    empty: () => ({ tables: new Map(), tokens: new Map() }),
    apply: applyChange,
    snapshot,
  });
}

/** The table, or the error that AWS answers with. */
export function requireTable(database: Database, name: string): Table {
  const table = database.tables.get(name);
  if (table) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

function applyChange(database: Database, change: Change): void {
  switch (change.kind) {
    case 'define':
      define(database, change.definition);
      return;
    case 'drop':
      database.tables.delete(change.table);
      return;
    case 'put':
      database.tables.get(change.table)?.put(change.item);
      return;
    case 'delete':
      database.tables.get(change.table)?.delete(change.key);
      return;
    case 'token':
      remember(database, change.token);
      return;
    default:
      change satisfies never;
  }
}

function define(database: Database, definition: TableDefinition): void {
  const name = definition.description.TableName;
  const table = database.tables.get(name);
  if (table) table.redefine(definition);
  else database.tables.set(name, new Table(definition));
}

function remember({ tokens }: Database, token: TransactionToken): void {
  for (const old of tokens.values()) {
    if (token.at - old.at < TOKEN_LIFETIME_MS) break;
    tokens.delete(old.token);
  }
  tokens.delete(token.token);
  tokens.set(token.token, token);
}

function* snapshot({ tables, tokens }: Database): Generator<Change> {
  for (const [name, table] of tables) {
    yield { kind: 'define', definition: table.definition };
    for (const item of table.items.range()) yield { kind: 'put', table: name, item };
  }
  for (const token of tokens.values()) yield { kind: 'token', token };
}
