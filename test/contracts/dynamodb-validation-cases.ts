import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type ContractCase, errorName, errorOf, type Item, N, S, type SharedTable } from './dynamodb-fixture.ts';

export function describeValidation(check: ContractCase, table: () => SharedTable): void {
  const put = (item: Item) => table().client.send(new PutItemCommand({ TableName: table().name, Item: item }));
  const keyed = (item: Item): Item => ({ pk: S(table().partition()), sk: S('a'), ...item });

  check('a reserved word in an expression is refused', async () => {
    const error = await errorOf(
      table().update(table().partition(), {
        UpdateExpression: 'SET status = :s',
        ExpressionAttributeValues: { ':s': S('x') },
      }),
    );
    expect(error.name).toBe('ValidationException');
    expect(error.message).toMatch(/reserved keyword/);
  });

  check('a value that no expression uses is refused', async () => {
    const values = { ':v': S('x'), ':unused': S('y') };
    const call = table().update(table().partition(), {
      UpdateExpression: 'SET note = :v',
      ExpressionAttributeValues: values,
    });
    expect(await errorName(call)).toBe('ValidationException');
  });

  check('an empty key is refused', async () => {
    expect(await errorName(put({ pk: S(''), sk: S('a') }))).toBe('ValidationException');
  });

  check('an item over 400 KB is refused', async () => {
    expect(await errorName(put(keyed({ note: S('x'.repeat(410_000)) })))).toBe('ValidationException');
    await put(keyed({ note: S('x'.repeat(400_000)) }));
  });

  check('the size of an item is counted in bytes', async () => {
    expect(await errorName(put(keyed({ note: S('€'.repeat(140_000)) })))).toBe('ValidationException');
  });

  check('an update of a path that is not there is refused', async () => {
    const pk = table().partition();
    await table().put({ pk: S(pk), sk: S('a') });
    const call = table().update(pk, {
      UpdateExpression: 'SET lease.holder = :h',
      ExpressionAttributeValues: { ':h': S('me') },
    });
    expect((await errorOf(call)).message).toMatch(/document path/);
  });

  check('an update of a key attribute is refused', async () => {
    const call = table().update(table().partition(), {
      UpdateExpression: 'SET sk = :s',
      ExpressionAttributeValues: { ':s': S('b') },
    });
    expect((await errorOf(call)).message).toMatch(/part of the key/);
  });

  check('an index key of the wrong type is refused', async () => {
    expect(await errorName(put(keyed({ state: S('open'), due: S('tomorrow') })))).toBe('ValidationException');
  });

  check('an empty index key is refused', async () => {
    expect(await errorName(put(keyed({ owner: S('') })))).toBe('ValidationException');
  });

  check('a request that is wrong is refused before its condition is looked at', async () => {
    const call = table().update(table().partition(), {
      UpdateExpression: 'SET sk = :s',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':s': S('b') },
    });
    expect(await errorName(call)).toBe('ValidationException');
  });

  check('an item without its sort key is refused', async () => {
    expect(await errorName(put({ pk: S(table().partition()), note: N(1) }))).toBe('ValidationException');
  });
}
