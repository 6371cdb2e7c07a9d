import { type Input, isInput } from '../read-input.ts';
import { AwsError } from '../service.ts';

/** One entry of a transaction's `TransactItems`. */
export interface TransactionAction {
  readonly kind: string;
  readonly request: Input;
}

/** DynamoDB's limit for both kinds of transaction (Developer Guide, "Quotas"). */
const MAX_ACTIONS = 100;

/** Reads `TransactItems`: between 1 and 100 entries with exactly one action each. */
export function transactionActions(
  { TransactItems: items }: Input,
  kinds: readonly string[],
): readonly TransactionAction[] {
  if (!Array.isArray(items)) throw faulty('null', 'Member must not be null');
  if (items.length < 1) throw faulty('[]', 'Member must have length greater than or equal to 1');
  if (items.length > MAX_ACTIONS) {
    throw faulty(`[${items.length} actions]`, `Member must have length less than or equal to ${MAX_ACTIONS}`);
  }
  return items.map((item: unknown) => actionOf(item, kinds));
}

function actionOf(item: unknown, kinds: readonly string[]): TransactionAction {
  const actions = Object.entries(isInput(item) ? item : {}).flatMap(([kind, request]) =>
    kinds.includes(kind) && isInput(request) ? [{ kind, request }] : [],
  );
  const [action] = actions;
  if (action !== undefined && actions.length === 1) return action;
  const names = kinds.map((kind) => (kind === 'ConditionCheck' ? 'Check' : kind)).join(', ');
  throw new AwsError('ValidationException', `TransactItems can only contain one of ${names}`);
}

function faulty(value: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at 'transactItems' failed to satisfy constraint: ${constraint}`,
  );
}
