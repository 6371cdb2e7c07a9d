import { type Input, optionalText } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import { type Account, arnIn } from './account.ts';

/** What a call of Secrets Manager asks for; a name is judged as it was given. */
export function secretsAccess(operation: string, input: Input, account: Account): readonly AccessRequest[] {
  const action = `secretsmanager:${operation}`;
  const named = optionalText(input, 'SecretId') ?? optionalText(input, 'Name');
  if (named === undefined) return [{ action, resource: '*' }];
  return [{ action, resource: named.startsWith('arn:') ? named : arnIn(account, 'secretsmanager', `secret:${named}`) }];
}
