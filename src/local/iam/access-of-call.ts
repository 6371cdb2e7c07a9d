import { type Input, optionalText } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import type { Account } from './account.ts';
import { dynamodbAccess, type TableFacts } from './dynamodb-access.ts';
import { type DefinitionLookUp, ecsAccess } from './ecs-access.ts';
import { logsAccess } from './logs-access.ts';
import { s3Access } from './s3-access.ts';
import { secretsAccess } from './secrets-access.ts';
import { sqsAccess } from './sqs-access.ts';

/** What the services know that a request does not say. */
export interface AccessFacts extends TableFacts, DefinitionLookUp {}

/** What a call asks IAM for, in the order in which AWS asks: the first that is not allowed is what the error names. */
export function accessOfCall(
  service: string,
  operation: string,
  input: Input,
  account: Account,
  facts: AccessFacts,
): readonly AccessRequest[] {
  switch (service) {
    case 'sqs':
      return sqsAccess(operation, input, account);
    case 'dynamodb':
      return dynamodbAccess(operation, input, account, facts);
    case 'ecs':
      return ecsAccess(operation, input, account, facts);
    case 's3':
      return s3Access(operation, input);
    case 'logs':
      return logsAccess(operation, input, account);
    case 'secretsmanager':
      return secretsAccess(operation, input, account);
    case 'sns':
      return [{ action: `sns:${operation}`, resource: optionalText(input, 'TopicArn') ?? '*' }];
    case 'sts':
      // Whoever is known may ask who it is (API GetCallerIdentity).
      if (operation === 'GetCallerIdentity') return [];
      return [{ action: `sts:${operation}`, resource: optionalText(input, 'RoleArn') ?? '*' }];
    default:
      return [];
  }
}
