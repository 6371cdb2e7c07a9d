import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type ContractCase, N, S, type SharedTable } from './dynamodb-fixture.ts';

export function describeUpdates(check: ContractCase, table: () => SharedTable): void {
  const changed = async (returned: 'ALL_NEW' | 'UPDATED_NEW' | 'ALL_OLD' | 'UPDATED_OLD') => {
    const pk = table().partition();
    await table().put({ pk: S(pk), sk: S('a'), note: S('old'), other: N(1) });
    const { Attributes } = await table().update(pk, {
      UpdateExpression: 'SET note = :n',
      ExpressionAttributeValues: { ':n': S('new') },
      ReturnValues: returned,
    });
    return { pk, Attributes };
  };

  check('ReturnValues ALL_NEW is the whole item after the update', async () => {
    const { pk, Attributes } = await changed('ALL_NEW');
    expect(Attributes).toEqual({ pk: S(pk), sk: S('a'), note: S('new'), other: N(1) });
  });

  check('ReturnValues UPDATED_NEW is what was updated', async () => {
    expect((await changed('UPDATED_NEW')).Attributes).toEqual({ note: S('new') });
  });

  check('ReturnValues ALL_OLD is the whole item before the write', async () => {
    const { pk, Attributes } = await changed('ALL_OLD');
    expect(Attributes).toEqual({ pk: S(pk), sk: S('a'), note: S('old'), other: N(1) });
    const Key = { pk: S(pk), sk: S('a') };
    const deleted = { TableName: table().name, Key, ReturnValues: 'ALL_OLD' as const };
    const { Attributes: gone } = await table().client.send(new DeleteItemCommand(deleted));
    expect(gone?.note).toEqual(S('new'));
    const put = { TableName: table().name, Item: Key, ReturnValues: 'ALL_OLD' as const };
    expect((await table().client.send(new PutItemCommand(put))).Attributes).toBeUndefined();
  });

  check('ReturnValues UPDATED_OLD is what was updated, as it was', async () => {
    expect((await changed('UPDATED_OLD')).Attributes).toEqual({ note: S('old') });
  });

  check('if_not_exists sets only what is absent', async () => {
    const item = await table().updated(
      { note: S('there') },
      {
        UpdateExpression: 'SET note = if_not_exists(note, :v), extra = if_not_exists(extra, :v)',
        ExpressionAttributeValues: { ':v': S('new') },
      },
    );
    expect(item).toMatchObject({ note: S('there'), extra: S('new') });
  });

  check('list_append joins lists in the order given', async () => {
    const item = await table().updated(
      { steps: { L: [S('a')] } },
      {
        UpdateExpression: 'SET steps = list_append(steps, :more)',
        ExpressionAttributeValues: { ':more': { L: [S('b'), S('c')] } },
      },
    );
    expect(item?.steps).toEqual({ L: [S('a'), S('b'), S('c')] });
  });

  check('ADD counts numbers up from nothing, and SET adds and subtracts', async () => {
    const item = await table().updated(
      { tries: N(5) },
      {
        UpdateExpression: 'SET tries = tries - :two ADD launches :two',
        ExpressionAttributeValues: { ':two': N(2) },
      },
    );
    expect(item).toMatchObject({ tries: N(3), launches: N(2) });
  });

  check('ADD and DELETE change sets, and an emptied set is gone', async () => {
    const item = await table().updated(
      { holders: { SS: ['a'] }, waiting: { SS: ['x'] } },
      {
        UpdateExpression: 'ADD holders :b DELETE waiting :x',
        ExpressionAttributeValues: { ':b': { SS: ['b'] }, ':x': { SS: ['x'] } },
      },
    );
    expect(new Set(item?.holders?.SS)).toEqual(new Set(['a', 'b']));
    expect(item?.waiting).toBeUndefined();
  });

  check('REMOVE takes attributes and members of maps away', async () => {
    const item = await table().updated(
      { note: S('x'), lease: { M: { holder: S('me'), until: N(1) } } },
      { UpdateExpression: 'REMOVE note, lease.#u', ExpressionAttributeNames: { '#u': 'until' } },
    );
    expect(item?.note).toBeUndefined();
    expect(item?.lease).toEqual({ M: { holder: S('me') } });
  });

  check('REMOVE of several list elements goes by the positions before the update', async () => {
    const item = await table().updated(
      { steps: { L: [S('a'), S('b'), S('c'), S('d')] } },
      { UpdateExpression: 'REMOVE steps[0], steps[2]' },
    );
    expect(item?.steps).toEqual({ L: [S('b'), S('d')] });
  });

  check('SET of a list element replaces it, and beyond the end appends it', async () => {
    const item = await table().updated(
      { steps: { L: [S('a'), S('b')] } },
      {
        UpdateExpression: 'SET steps[0] = :x, steps[9] = :y',
        ExpressionAttributeValues: { ':x': S('x'), ':y': S('y') },
      },
    );
    expect(item?.steps).toEqual({ L: [S('x'), S('b'), S('y')] });
  });

  check('SET reads attributes as they were before the update', async () => {
    const item = await table().updated(
      { left: N(1), right: N(2) },
      { UpdateExpression: 'SET #l = #r, #r = #l', ExpressionAttributeNames: { '#l': 'left', '#r': 'right' } },
    );
    expect(item).toMatchObject({ left: N(2), right: N(1) });
  });
}
