import { randomUUID } from 'node:crypto';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type ContractCase, errorName, errorOf, type Item, N, S, type SharedTable } from './dynamodb-fixture.ts';

export function describeTransactions(check: ContractCase, table: () => SharedTable): void {
  const keyOf = (pk: string, sk = 'a'): Item => ({ pk: S(pk), sk: S(sk) });
  const transact = (TransactItems: TransactWriteItem[], ClientRequestToken: string = randomUUID()) =>
    table().client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
  const put = (pk: string, sk = 'a', more: Item = {}): TransactWriteItem => ({
    Put: { TableName: table().name, Item: { ...keyOf(pk, sk), ...more } },
  });
  const putIfAbsent = (pk: string): TransactWriteItem => ({
    Put: {
      TableName: table().name,
      Item: keyOf(pk),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
  const addOne = (pk: string): TransactWriteItem => ({
    Update: {
      TableName: table().name,
      Key: keyOf(pk),
      UpdateExpression: 'ADD tries :one',
      ExpressionAttributeValues: { ':one': N(1) },
    },
  });

  const failingCheck = (): TransactWriteItem => ({
    ConditionCheck: {
      TableName: table().name,
      Key: keyOf(table().partition()),
      ConditionExpression: 'attribute_exists(pk)',
    },
  });

  check('TransactWriteItems puts, updates, deletes and checks together', async () => {
    const [added, updated, deleted, checked] = [1, 2, 3, 4].map(() => table().partition()) as [
      string,
      string,
      string,
      string,
    ];
    for (const pk of [updated, deleted, checked]) await table().put(keyOf(pk));
    await transact([
      put(added),
      addOne(updated),
      { Delete: { TableName: table().name, Key: keyOf(deleted) } },
      { ConditionCheck: { TableName: table().name, Key: keyOf(checked), ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(await table().get(added)).toEqual(keyOf(added));
    expect((await table().get(updated))?.tries).toEqual(N(1));
    expect(await table().get(deleted)).toBeUndefined();
    expect(await table().get(checked)).toEqual(keyOf(checked));
  });

  check('a cancelled transaction tells one reason per action, with the old item where asked', async () => {
    const pk = table().partition();
    await table().put({ ...keyOf(pk), nonce: S('mine') });
    const error = await errorOf(transact([put(table().partition()), putIfAbsent(pk)]));
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [first, second] = error.CancellationReasons ?? [];
    expect(first?.Code).toBe('None');
    expect(second).toMatchObject({ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' });
    expect(second?.Item).toEqual({ ...keyOf(pk), nonce: S('mine') });
    expect(error.message).toContain('[None, ConditionalCheckFailed]');
  });

  check('a cancelled transaction changes nothing', async () => {
    const [there, fresh] = [table().partition(), table().partition()];
    await table().put(keyOf(there));
    await errorOf(transact([put(fresh), addOne(there), failingCheck()]));
    expect(await table().get(fresh)).toBeUndefined();
    expect((await table().get(there))?.tries).toBeUndefined();
  });

  check('two actions on one item are refused', async () => {
    const pk = table().partition();
    expect(await errorName(transact([put(pk), addOne(pk)]))).toBe('ValidationException');
  });

  check('101 actions are refused', async () => {
    const pk = table().partition();
    const actions = Array.from({ length: 101 }, (_, index) => put(pk, `s${index}`));
    expect(await errorName(transact(actions))).toBe('ValidationException');
  });

  check('100 actions are taken', async () => {
    const pk = table().partition();
    await transact(Array.from({ length: 100 }, (_, index) => put(pk, `s${index}`)));
    expect(await table().get(pk, 's99')).toEqual(keyOf(pk, 's99'));
  });

  check('a repeated ClientRequestToken applies once', async () => {
    const [pk, token] = [table().partition(), randomUUID()];
    await transact([addOne(pk)], token);
    await transact([addOne(pk)], token);
    expect((await table().get(pk))?.tries).toEqual(N(1));
  });

  check('a ClientRequestToken with other actions is IdempotentParameterMismatchException', async () => {
    const token = randomUUID();
    await transact([addOne(table().partition())], token);
    const error = await errorName(transact([addOne(table().partition())], token));
    expect(error).toBe('IdempotentParameterMismatchException');
  });

  check('TransactGetItems answers in the order of the request, with gaps', async () => {
    const [pk, missing] = [table().partition(), table().partition()];
    await table().put({ ...keyOf(pk), note: S('here') });
    const get = (of: string) => ({ Get: { TableName: table().name, Key: keyOf(of), ProjectionExpression: 'note' } });
    const input = { TransactItems: [get(missing), get(pk)] };
    const { Responses } = await table().client.send(new TransactGetItemsCommand(input));
    expect(Responses?.map((response) => response.Item)).toEqual([undefined, { note: S('here') }]);
  });

  const batch = (pk: string, count: number) => {
    const requests = Array.from({ length: count }, (_, index) => ({ PutRequest: { Item: keyOf(pk, `s${index}`) } }));
    return table().client.send(new BatchWriteItemCommand({ RequestItems: { [table().name]: requests } }));
  };

  check('BatchWriteItem takes 25 items', async () => {
    const pk = table().partition();
    const { UnprocessedItems } = await batch(pk, 25);
    expect(UnprocessedItems ?? {}).toEqual({});
    expect(await table().get(pk, 's24')).toEqual(keyOf(pk, 's24'));
  });

  check('BatchWriteItem refuses 26 items', async () => {
    expect(await errorName(batch(table().partition(), 26))).toBe('ValidationException');
  });

  check('BatchGetItem returns what is there', async () => {
    const pk = table().partition();
    await batch(pk, 3);
    const Keys = [keyOf(pk, 's0'), keyOf(pk, 's2'), keyOf(pk, 'missing')];
    const { Responses } = await table().client.send(
      new BatchGetItemCommand({ RequestItems: { [table().name]: { Keys, ConsistentRead: true } } }),
    );
    const found = Responses?.[table().name]?.map((item) => item.sk?.S).sort();
    expect(found).toEqual(['s0', 's2']);
  });
}
