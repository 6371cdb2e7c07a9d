import { createRequire } from 'node:module';
import { AwsError } from '../service.ts';
import type {
  AttributeDefinition,
  AttributeValue,
  IndexInput,
  Item,
  KeyElement,
  TableDescription,
  Throughput,
} from './table-description.ts';

/**
 * The only door to dynalite 4.0.0: its request validation, its expression parsers and its item actions. It is CommonJS
 * without types and without an `exports` map, so its inner modules are loaded by path and typed here.
 */

/** The largest item: 400 KB, attribute names included (DynamoDB Developer Guide, Constraints). */
export const MAX_ITEM_BYTES = 409_600;

export interface UpdateSection {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: readonly (string | number)[];
}

/** A node of a parsed condition or filter: a comparison, a combination, or a function by its name. */
export interface ExpressionNode {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly Operand[];
}

/** A path into an item, a nested node, or a value. */
export type Operand = readonly (string | number)[] | ExpressionNode | AttributeValue;

/** A validated request about items of one table; what begins with `_` is a parsed expression. */
export interface ItemInput {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly IndexName?: string;
  readonly ExclusiveStartKey?: Item;
  readonly ReturnConsumedCapacity?: string;
  readonly Select?: string;
  readonly _condition?: { readonly expression: ExpressionNode };
  readonly _filter?: { readonly expression: ExpressionNode };
  readonly _projection?: { readonly paths: readonly (readonly (string | number)[])[]; readonly nestedPaths: unknown };
  readonly _updates?: { readonly sections: readonly UpdateSection[] };
}

export interface BatchInput {
  readonly RequestItems: Readonly<Record<string, unknown>>;
}

export interface CreateTableInput {
  readonly TableName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly BillingMode?: string;
  readonly ProvisionedThroughput?: Throughput;
  readonly LocalSecondaryIndexes?: readonly IndexInput[];
  readonly GlobalSecondaryIndexes?: readonly IndexInput[];
}

interface Inputs {
  readonly GetItem: ItemInput;
  readonly PutItem: ItemInput;
  readonly UpdateItem: ItemInput;
  readonly DeleteItem: ItemInput;
  readonly Query: ItemInput;
  readonly Scan: ItemInput;
  readonly BatchGetItem: BatchInput;
  readonly BatchWriteItem: BatchInput;
  readonly CreateTable: CreateTableInput;
  readonly DescribeTable: { readonly TableName: string };
  readonly ListTables: { readonly ExclusiveStartTableName?: string; readonly Limit?: number };
  readonly TagResource: {
    readonly ResourceArn: string;
    readonly Tags: readonly Readonly<Record<string, string>>[];
  };
  readonly UntagResource: { readonly ResourceArn: string; readonly TagKeys: readonly string[] };
  readonly ListTagsOfResource: { readonly ResourceArn: string };
}

export type ItemAction =
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'Scan'
  | 'BatchGetItem'
  | 'BatchWriteItem';

/** What an action answers: the members of the response, which only travel to the client. */
export type Answer = Readonly<Record<string, unknown>>;
export type Done<Result> = (error: unknown, result?: Result) => void;

/** The bounds of a walk over storage keys; without `limit`, or with -1, to the end. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** One sorted store of values, as the actions use it: the items of a table, or the entries of an index. */
export interface ActionValues {
  lock(key: string, task: (release: (done: Done<Answer>) => Done<Answer>) => void): void;
  get(key: string, done: Done<Item>): void;
  put(key: string, value: Item, done: Done<void>): void;
  del(key: string, done: Done<void>): void;
  createValueStream(range: KeyRange): NodeJS.EventEmitter;
}

/** What the actions read and write through. */
export interface ActionStore {
  readonly options: { readonly maxItemSize: number };
  getTable(name: string, checkStatus: boolean | Done<TableDescription>, done?: Done<TableDescription>): void;
  getItemDb(table: string): ActionValues;
  getIndexDb(kind: string, table: string, index: string): ActionValues;
}

interface DynaliteDb {
  createKey(item: Item, table: TableDescription, keySchema?: readonly KeyElement[]): string;
  compare(comparison: string, value: AttributeValue, others: readonly AttributeValue[]): boolean;
  mapPaths(paths: NonNullable<ItemInput['_projection']>['paths'], item: Item): Item;
}

interface DynaliteValidations {
  checkTypes(data: object, types: object): unknown;
  checkValidations(data: unknown, types: object, custom: unknown, store: object): void;
}

interface Rules {
  readonly types: object;
  readonly custom?: unknown;
}

type Action = (store: ActionStore, input: object, done: Done<Answer>) => void;

const load = createRequire(import.meta.url);
const db: DynaliteDb = load('dynalite/db');
const validations: DynaliteValidations = load('dynalite/validations');
const rules = new Map<string, Rules>();
const actions = new Map<string, Action>();

/** Checks a request as DynamoDB does and parses its expressions; throws the {@link AwsError} that AWS answers with. */
export function validated<Operation extends keyof Inputs>(operation: Operation, input: object): Inputs[Operation] {
  const { types, custom } = rulesOf(operation);
  try {
    // The check deletes members that it does not know from the object it is given.
    const data = validations.checkTypes({ ...input }, types);
    validations.checkValidations(data, types, custom, VALIDATION_STORE);
    return data as Inputs[Operation];
  } catch (error) {
    throw translated(error);
  }
}

/** Runs an action; `done` hears what it answers or an error for {@link translated}. */
export function runAction(action: ItemAction, store: ActionStore, input: object, done: Done<Answer>): void {
  actionOf(action)(store, input, done);
}

/** The storage key of an item or of a key: equal for equal keys, and in the order of a query. */
export function keyOf(item: Item, table: TableDescription, keySchema = table.KeySchema): string {
  return db.createKey(item, table, keySchema);
}

/** Below zero, zero or above zero as one DynamoDB number is less than, equal to or greater than another. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  return db.compare('<', { N: a }, [{ N: b }]) ? -1 : Number(db.compare('>', { N: a }, [{ N: b }]));
}

/** What a ProjectionExpression leaves of an item. */
export function projected(item: Item, { paths }: NonNullable<ItemInput['_projection']>): Item {
  return db.mapPaths(paths, item);
}

/** Turns an error of dynalite's into the one that AWS answers with; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error)) return error;
  const { body } = error;
  if (typeof body !== 'object' || body === null || !('__type' in body)) return error;
  const name = String(body.__type).split('#').at(-1) ?? 'InternalServerError';
  return new AwsError(name, error.message);
}

const VALIDATION_STORE = { options: { maxItemSize: MAX_ITEM_BYTES }, tableDb: { awsAccountId: '000000000000' } };

function rulesOf(operation: string): Rules {
  const known = rules.get(operation);
  if (known) return known;
  const loaded: Rules = load(`dynalite/validations/${moduleName(operation)}`);
  rules.set(operation, loaded);
  return loaded;
}

function actionOf(operation: ItemAction): Action {
  const known = actions.get(operation);
  if (known) return known;
  const loaded: Action = load(`dynalite/actions/${moduleName(operation)}`);
  actions.set(operation, loaded);
  return loaded;
}

function moduleName(operation: string): string {
  return `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
}
