import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type ContractCase, errorName, errorOf, N, S, type SharedTable } from './dynamodb-fixture.ts';

export function describeConditions(check: ContractCase, table: () => SharedTable): void {
  check('attribute_not_exists lets only the first put through', async () => {
    const Item = { pk: S(table().partition()), sk: S('a') };
    const put = () => {
      const input = { TableName: table().name, Item, ConditionExpression: 'attribute_not_exists(pk)' };
      return table().client.send(new PutItemCommand(input));
    };
    await put();
    expect(await errorName(put())).toBe('ConditionalCheckFailedException');
  });

  check('size() counts characters, elements and members', async () => {
    const item = { text: S('four'), list: { L: [N(1), N(2)] }, set: { SS: ['a'] } };
    expect(await table().holds(item, 'size(#t) = :n', { ':n': N(4) }, { '#t': 'text' })).toBe(true);
    expect(await table().holds(item, 'size(#l) > :n', { ':n': N(2) }, { '#l': 'list' })).toBe(false);
    expect(await table().holds(item, 'size(#s) = :n', { ':n': N(1) }, { '#s': 'set' })).toBe(true);
  });

  check('IN compares with each operand', async () => {
    const names = { '#s': 'status' };
    const values = { ':a': S('QUEUED'), ':b': S('LAUNCHING') };
    expect(await table().holds({ status: S('LAUNCHING') }, '#s IN (:a, :b)', values, names)).toBe(true);
    expect(await table().holds({ status: S('RUNNING') }, '#s IN (:a, :b)', values, names)).toBe(false);
  });

  check('begins_with looks at the start of a string', async () => {
    expect(await table().holds({ note: S('run/1') }, 'begins_with(note, :p)', { ':p': S('run/') })).toBe(true);
    expect(await table().holds({ note: S('a run/') }, 'begins_with(note, :p)', { ':p': S('run/') })).toBe(false);
  });

  check('contains, AND, OR, NOT and BETWEEN combine with their precedence', async () => {
    const item = { labels: { SS: ['gpu', 'eu'] }, tries: N(3) };
    const values = { ':gpu': S('gpu'), ':one': N(1), ':two': N(2), ':five': N(5) };
    const condition = 'contains(labels, :gpu) AND NOT tries BETWEEN :one AND :two OR tries > :five';
    expect(await table().holds(item, condition, values)).toBe(true);
    expect(await table().holds({ ...item, tries: N(2) }, condition, values)).toBe(false);
    expect(await table().holds({ tries: N(6) }, condition, values)).toBe(true);
  });

  check('attribute_type tells types apart, also of false and of empty values', async () => {
    expect(await table().holds({ x: N(1) }, 'attribute_type(x, :t)', { ':t': S('N') })).toBe(true);
    expect(await table().holds({ x: N(1) }, 'attribute_type(x, :t)', { ':t': S('S') })).toBe(false);
    expect(await table().holds({ x: { BOOL: false } }, 'attribute_type(x, :t)', { ':t': S('BOOL') })).toBe(true);
    expect(await table().holds({ x: S('') }, 'attribute_type(x, :t)', { ':t': S('S') })).toBe(true);
  });

  check('a nested path reaches into maps and lists', async () => {
    const item = { lease: { M: { holders: { L: [S('a'), S('b')] } } } };
    expect(await table().holds(item, 'lease.holders[1] = :b', { ':b': S('b') })).toBe(true);
    expect(await table().holds(item, 'lease.holders[2] = :b', { ':b': S('b') })).toBe(false);
    expect(await table().holds(item, 'attribute_not_exists(lease.nothing)')).toBe(true);
  });

  check('one attribute compares with another', async () => {
    expect(await table().holds({ used: N(9), allowed: N(10) }, 'used < allowed')).toBe(true);
    expect(await table().holds({ used: N(10), allowed: N(10) }, 'used < allowed')).toBe(false);
  });

  check('whole maps, lists and booleans compare by value', async () => {
    const item = { map: { M: { a: N(1), b: { L: [S('x')] } } }, flag: { BOOL: false } };
    const same = { M: { b: { L: [S('x')] }, a: N(1) } };
    expect(await table().holds(item, '#m = :m', { ':m': same }, { '#m': 'map' })).toBe(true);
    expect(await table().holds(item, '#m <> :m', { ':m': { M: { a: N(1) } } }, { '#m': 'map' })).toBe(true);
    expect(await table().holds(item, 'flag IN (:f)', { ':f': { BOOL: false } })).toBe(true);
  });

  check('an absent attribute is unequal to every value and in no order with any', async () => {
    expect(await table().holds({}, 'nothing <> :v', { ':v': N(1) })).toBe(true);
    expect(await table().holds({}, 'nothing = :v', { ':v': N(1) })).toBe(false);
    expect(await table().holds({}, 'nothing < :v', { ':v': N(1) })).toBe(false);
  });

  check('a failed put returns the old item when asked with ReturnValuesOnConditionCheckFailure', async () => {
    const Item = { pk: S(table().partition()), sk: S('a'), nonce: S('mine') };
    await table().put(Item);
    const error = await errorOf(
      table().client.send(
        new PutItemCommand({
          TableName: table().name,
          Item: { ...Item, nonce: S('theirs') },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    expect(error.Item).toEqual(Item);
  });

  check('a failed update returns the old item when asked with ReturnValuesOnConditionCheckFailure', async () => {
    const pk = table().partition();
    await table().put({ pk: S(pk), sk: S('a'), version: N(3) });
    const input = {
      UpdateExpression: 'SET version = :two',
      ConditionExpression: 'version = :one',
      ExpressionAttributeValues: { ':one': N(1), ':two': N(2) },
    };
    const error = await errorOf(table().update(pk, { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    expect(error.Item).toEqual({ pk: S(pk), sk: S('a'), version: N(3) });
    const bare = await errorOf(table().update(pk, input));
    if (!(bare instanceof ConditionalCheckFailedException)) throw bare;
    expect(bare.Item).toBeUndefined();
  });

  check('200 racing conditional increments lose none', async () => {
    const pk = table().partition();
    await table().put({ pk: S(pk), sk: S('a'), count: N(0) });
    const increment = async (): Promise<void> => {
      const seen = Number((await table().get(pk))?.count?.N);
      const values = { ':seen': N(seen), ':next': N(seen + 1) };
      const names = { '#c': 'count' };
      try {
        await table().update(pk, {
          UpdateExpression: 'SET #c = :next',
          ConditionExpression: '#c = :seen',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        });
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        await increment();
      }
    };
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let turn = 0; turn < 20; turn += 1) await increment();
      }),
    );
    expect((await table().get(pk))?.count).toEqual(N(200));
  });
}
