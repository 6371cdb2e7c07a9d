import { createHash } from 'node:crypto';
import type { Input } from '../read-input.ts';
import { AwsError } from '../service.ts';
import { consumedByTables } from './consumed-capacity.ts';
import { type Change, type Database, requireTable, TOKEN_LIFETIME_MS, type TransactionToken } from './database.ts';
import { itemBytes } from './item-size.ts';
import { transactionActions } from './transaction-actions.ts';
import { type PreparedWrite, planWrite, prepareWrite, type WriteAction, type WritePlan } from './write-items.ts';

const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** The kinds of action, and the action of dynalite's that checks and plans each. */
const KINDS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const satisfies Record<string, WriteAction>;

interface TransactAction {
  readonly kind: keyof typeof KINDS;
  readonly write: PreparedWrite;
}

/**
 * Plans a TransactWriteItems: all its changes and its token, or an error. Every action is planned against the database
 * as it is before the transaction, which is what DynamoDB does too, since no two may be about one item.
 */
export function planTransaction(database: Database, request: Input, now: number): WritePlan {
  const actions = transactionActions(request, Object.keys(KINDS)).map(({ kind, request }) =>
    parseAction(kind, request),
  );
  const token = tokenOf(request, now);
  const isRepeat = token !== undefined && wasAccepted(database, token, now);
  checkDistinct(database, actions);
  if (isRepeat) return { answer: {}, changes: [] };
  const plans = planAll(database, actions);
  const changes = plans.flatMap((plan) => plan.changes);
  checkSize(changes);
  return {
    answer: consumedByTables(
      request.ReturnConsumedCapacity,
      plans.map((plan) => plan.answer),
    ),
    changes: token ? [...changes, { kind: 'token', token }] : changes,
  };
}

function parseAction(kind: string, request: Input): TransactAction {
  if (!isKind(kind)) throw new Error(`${kind} is not an action of a transaction`);
  if (kind === 'Update' && request.UpdateExpression === undefined) throw missing('update', 'updateExpression');
  if (kind === 'ConditionCheck' && request.ConditionExpression === undefined) {
    throw missing('conditionCheck', 'conditionExpression');
  }
  return { kind, write: prepareWrite(KINDS[kind], { ...request, ReturnConsumedCapacity: 'TOTAL' }) };
}

function isKind(kind: string): kind is keyof typeof KINDS {
  return kind in KINDS;
}

function missing(action: string, member: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at 'transactItems.1.member.${action}.${member}' failed to satisfy ` +
      'constraint: Member must not be null',
  );
}

function tokenOf(request: Input, now: number): TransactionToken | undefined {
  const token = request.ClientRequestToken;
  if (token === undefined || token === null) return undefined;
  if (typeof token !== 'string' || token.length < 1 || token.length > 36) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${String(token)}' at 'clientRequestToken' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 36 and greater than or equal to 1',
    );
  }
  return { token, digest: digestOf(request.TransactItems), at: now };
}

function wasAccepted({ tokens }: Database, { token, digest }: TransactionToken, now: number): boolean {
  const earlier = tokens.get(token);
  if (!earlier || now - earlier.at >= TOKEN_LIFETIME_MS) return false;
  if (earlier.digest === digest) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}

/** The same for the same content, in whatever order its members stand. */
function digestOf(value: unknown): string {
  const canonical = JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(canonical).digest('base64');
}

function checkDistinct(database: Database, actions: readonly TransactAction[]): void {
  const seen = new Set<string>();
  for (const { write } of actions) {
    const { input } = write;
    const place = requireTable(database, input.TableName).keyIn(input.Key ?? input.Item ?? {});
    if (place === undefined) continue; // it does not fit its table, and its action is refused for that later
    const item = `${input.TableName} ${place}`;
    if (seen.has(item)) {
      throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
    }
    seen.add(item);
  }
}

function planAll(database: Database, actions: readonly TransactAction[]): readonly WritePlan[] {
  const outcomes = actions.map((action) => outcomeOf(database, action));
  const plans = outcomes.flatMap((outcome) => ('plan' in outcome ? [outcome.plan] : []));
  if (plans.length === actions.length) return plans;
  const reasons = outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : { Code: 'None' }));
  throw new AwsError(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    { members: { CancellationReasons: reasons } },
  );
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

function outcomeOf(database: Database, action: TransactAction): { plan: WritePlan } | { reason: CancellationReason } {
  try {
    const { answer, changes } = planWrite(database, action.write);
    return { plan: { answer, changes: action.kind === 'ConditionCheck' ? [] : changes } };
  } catch (error) {
    const reason = error instanceof AwsError ? reasonOf(error) : undefined;
    if (reason) return { reason };
    throw error;
  }
}

/** API TransactWriteItems, "Cancellation reason codes and descriptions". */
function reasonOf({ name, message, members }: AwsError): CancellationReason | undefined {
  if (name === 'ConditionalCheckFailedException')
    return { Code: 'ConditionalCheckFailed', Message: message, ...members };
  return name === 'ValidationException' ? { Code: 'ValidationError', Message: message } : undefined;
}

function checkSize(changes: readonly Change[]): void {
  const bytes = changes.reduce((sum, change) => sum + (change.kind === 'put' ? itemBytes(change.item) : 0), 0);
  if (bytes <= MAX_TRANSACTION_BYTES) return;
  throw new AwsError('ValidationException', 'Collection size of items in a transaction cannot exceed 4MB');
}
