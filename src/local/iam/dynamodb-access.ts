import { type Input, isInput, optionalStructure, optionalText, structureList } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import { type Account, arnIn } from './account.ts';

export interface TableFacts {
  /** The partition key of a table; undefined for a table that is not there. */
  partitionKeyOf(table: string): string | undefined;
}

/** What a part of a transaction asks for: transactions have no action of their own (DynamoDB guide, "Transactions", "IAM"). */
const PARTS = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' };

/** What a call of DynamoDB asks for, with the partition keys that it names as `dynamodb:LeadingKeys`. */
export function dynamodbAccess(
  operation: string,
  input: Input,
  account: Account,
  facts: TableFacts,
): readonly AccessRequest[] {
  switch (operation) {
    case 'TransactWriteItems':
      return structureList(input, 'TransactItems').flatMap((item) =>
        Object.entries(PARTS).flatMap(([part, action]) =>
          access(action, optionalStructure(item, part), account, facts),
        ),
      );
    case 'TransactGetItems':
      return structureList(input, 'TransactItems').flatMap((item) =>
        access('GetItem', optionalStructure(item, 'Get'), account, facts),
      );
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(optionalStructure(input, 'RequestItems') ?? {}).flatMap(([TableName, wanted]) =>
        onTable(operation, TableName, keysOf(itemsOf(wanted), facts.partitionKeyOf(TableName)), account),
      );
    default:
      return access(operation, input, account, facts);
  }
}

function access(operation: string, input: Input | undefined, account: Account, facts: TableFacts): AccessRequest[] {
  if (input === undefined) return [];
  const name = optionalText(input, 'TableName');
  if (name === undefined) {
    return [{ action: `dynamodb:${operation}`, resource: optionalText(input, 'ResourceArn') ?? '*' }];
  }
  const index = optionalText(input, 'IndexName');
  const items = [optionalStructure(input, 'Key'), optionalStructure(input, 'Item')].filter(
    (item) => item !== undefined,
  );
  const keys = [...keysOf(items, facts.partitionKeyOf(name)), ...keysOfCondition(input)];
  return onTable(operation, index === undefined ? name : `${name}/index/${index}`, keys, account);
}

function onTable(operation: string, table: string, keys: readonly string[], account: Account): AccessRequest[] {
  const context = keys.length === 0 ? {} : { 'dynamodb:LeadingKeys': keys };
  const resource = table.startsWith('arn:') ? table : arnIn(account, 'dynamodb', `table/${table}`);
  return [{ action: `dynamodb:${operation}`, resource, context }];
}

/** Of BatchGetItem `{Keys}`, of BatchWriteItem `[{PutRequest: {Item}}, {DeleteRequest: {Key}}]`. */
function itemsOf(wanted: unknown): readonly Input[] {
  if (Array.isArray(wanted)) {
    return wanted
      .filter(isInput)
      .flatMap((request) => [
        ...items(optionalStructure(request, 'PutRequest'), 'Item'),
        ...items(optionalStructure(request, 'DeleteRequest'), 'Key'),
      ]);
  }
  return isInput(wanted) ? structureList(wanted, 'Keys') : [];
}

function items(request: Input | undefined, name: string): readonly Input[] {
  const item = request && optionalStructure(request, name);
  return item === undefined ? [] : [item];
}

function keysOf(from: readonly Input[], partitionKey: string | undefined): readonly string[] {
  if (partitionKey === undefined) return [];
  return from.flatMap((item) => textOfValue(item[partitionKey]));
}

/** The value that a query's key condition wants its first key to have: `#pk = :pk AND …`. */
function keysOfCondition(input: Input): readonly string[] {
  const value = /^[^=]*=\s*(:\w+)/.exec(optionalText(input, 'KeyConditionExpression') ?? '')?.[1];
  return value === undefined ? [] : textOfValue(optionalStructure(input, 'ExpressionAttributeValues')?.[value]);
}

/** `{S: 'RUN#1'}` → `RUN#1` */
function textOfValue(value: unknown): readonly string[] {
  const inner = isInput(value) ? (value.S ?? value.N ?? value.B) : undefined;
  return typeof inner === 'string' ? [inner] : [];
}
