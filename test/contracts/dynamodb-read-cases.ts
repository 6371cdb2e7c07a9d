import { PutItemCommand, QueryCommand, type QueryCommandInput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import {
  type ContractCase,
  errorName,
  INDEX_WITH_ALL,
  INDEX_WITH_SOME,
  type Item,
  N,
  S,
  type SharedTable,
} from './dynamodb-fixture.ts';

export function describeReads(check: ContractCase, table: () => SharedTable): void {
  const query = (input: Omit<QueryCommandInput, 'TableName'>) =>
    table().client.send(new QueryCommand({ TableName: table().name, ...input }));
  const ofPartition = (pk: string) => ({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': S(pk) },
  });
  const ofState = (state: string) => ({
    IndexName: INDEX_WITH_SOME,
    KeyConditionExpression: '#s = :s',
    ExpressionAttributeNames: { '#s': 'state' },
    ExpressionAttributeValues: { ':s': S(state) },
  });

  /** All pages of a query. */
  const allOf = async (input: Omit<QueryCommandInput, 'TableName'>): Promise<{ items: Item[]; pages: number }> => {
    const items: Item[] = [];
    let start: Item | undefined;
    let pages = 0;
    do {
      const page = await query({ ...input, ...(start && { ExclusiveStartKey: start }) });
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
      pages += 1;
    } while (start);
    return { items, pages };
  };

  check('Query goes through a partition in pages and in order', async () => {
    const pk = table().partition();
    for (let index = 0; index < 7; index += 1) await table().put({ pk: S(pk), sk: S(`s${index}`) });
    const { items, pages } = await allOf({ ...ofPartition(pk), Limit: 3 });
    expect(items.map((item) => item.sk?.S)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
    expect(pages).toBe(3);
  });

  check('Query filters after Limit, and a page may be empty', async () => {
    const pk = table().partition();
    for (let index = 0; index < 4; index += 1) await table().put({ pk: S(pk), sk: S(`s${index}`), due: N(index) });
    const filtered = {
      ...ofPartition(pk),
      FilterExpression: 'due >= :three',
      ExpressionAttributeValues: { ':pk': S(pk), ':three': N(3) },
      Limit: 2,
    };
    const first = await query(filtered);
    expect(first).toMatchObject({ Count: 0, ScannedCount: 2 });
    expect(first.LastEvaluatedKey).toBeDefined();
    expect((await allOf(filtered)).items.map((item) => item.sk?.S)).toEqual(['s3']);
  });

  check('Query reads a range of sort keys by prefix and by bounds', async () => {
    const pk = table().partition();
    for (const sk of ['a#1', 'b#1', 'b#2', 'c#1']) await table().put({ pk: S(pk), sk: S(sk) });
    const range = async (condition: string, values: Item) => {
      const values2 = { ':pk': S(pk), ...values };
      const { Items = [] } = await query({
        KeyConditionExpression: `pk = :pk AND ${condition}`,
        ExpressionAttributeValues: values2,
      });
      return Items.map((item) => item.sk?.S);
    };
    expect(await range('begins_with(sk, :p)', { ':p': S('b#') })).toEqual(['b#1', 'b#2']);
    expect(await range('sk BETWEEN :a AND :b', { ':a': S('a#2'), ':b': S('b#1') })).toEqual(['b#1']);
    expect(await range('sk > :a', { ':a': S('b#1') })).toEqual(['b#2', 'c#1']);
    expect(await range('sk <= :a', { ':a': S('b#1') })).toEqual(['a#1', 'b#1']);
  });

  check('Query of an index filters and goes on after each page, also among equal keys', async () => {
    const [state, pk] = [table().partition(), table().partition()];
    for (let index = 0; index < 9; index += 1) {
      await table().put({ pk: S(pk), sk: S(`s${index}`), state: S(state), due: N(1), note: S(`n${index % 3}`) });
    }
    const { items } = await allOf({
      ...ofState(state),
      FilterExpression: 'note <> :n',
      ExpressionAttributeValues: { ':s': S(state), ':n': S('n0') },
      Limit: 2,
    });
    expect(items.map((item) => item.sk?.S).sort()).toEqual(['s1', 's2', 's4', 's5', 's7', 's8']);
  });

  check('numbers sort as numbers, also from high to low', async () => {
    const state = table().partition();
    const dues = [-10, -2.5, 0, 3, 20, 100];
    for (const due of dues) await table().put({ pk: S(table().partition()), sk: S('a'), state: S(state), due: N(due) });
    const { items } = await allOf({ ...ofState(state), ScanIndexForward: false, Limit: 4 });
    expect(items.map((item) => Number(item.due?.N))).toEqual(dues.toReversed());
    const { Items } = await query({
      ...ofState(state),
      KeyConditionExpression: '#s = :s AND due BETWEEN :a AND :b',
      ExpressionAttributeValues: { ':s': S(state), ':a': N(-3), ':b': N(3) },
    });
    expect(Items?.map((item) => Number(item.due?.N))).toEqual([-2.5, 0, 3]);
  });

  check('an index that includes some attributes returns those and the keys', async () => {
    const [state, pk] = [table().partition(), table().partition()];
    await table().put({ pk: S(pk), sk: S('a'), state: S(state), due: N(1), note: S('kept'), other: S('left out') });
    const { Items } = await query(ofState(state));
    expect(Items).toEqual([{ pk: S(pk), sk: S('a'), state: S(state), due: N(1), note: S('kept') }]);
  });

  check('a sparse index has only items with its key, and loses them with the key', async () => {
    const [owner, pk] = [table().partition(), table().partition()];
    await table().put({ pk: S(pk), sk: S('a'), owner: S(owner) });
    await table().put({ pk: S(pk), sk: S('b') });
    const owned = async () => {
      const input = { KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } };
      const page = await query({ IndexName: INDEX_WITH_ALL, ...input, ExpressionAttributeValues: { ':o': S(owner) } });
      return page.Items?.map((item) => item.sk?.S);
    };
    expect(await owned()).toEqual(['a']);
    await table().update(pk, { UpdateExpression: 'REMOVE #o', ExpressionAttributeNames: { '#o': 'owner' } });
    expect(await owned()).toEqual([]);
  });

  check('a page of a query ends at 1 MB', async () => {
    const pk = table().partition();
    for (const sk of ['a', 'b', 'c', 'd']) await table().put({ pk: S(pk), sk: S(sk), note: S('x'.repeat(300_000)) });
    const { items, pages } = await allOf(ofPartition(pk));
    expect(items).toHaveLength(4);
    expect(pages).toBe(2);
  });

  check('a consistent read of a global index is refused', async () => {
    expect(await errorName(query({ ...ofState('any'), ConsistentRead: true }))).toBe('ValidationException');
  });

  check('a filter on a key attribute is refused', async () => {
    const call = query({
      ...ofPartition('any'),
      FilterExpression: 'sk = :sk',
      ExpressionAttributeValues: { ':pk': S('any'), ':sk': S('a') },
    });
    expect(await errorName(call)).toBe('ValidationException');
  });

  check('Scan of an index returns its items', async () => {
    const [owner, pk] = [table().partition(), table().partition()];
    await table().put({ pk: S(pk), sk: S('a'), owner: S(owner) });
    const found: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await table().client.send(
        new ScanCommand({
          TableName: table().name,
          IndexName: INDEX_WITH_ALL,
          Limit: 2,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      found.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start);
    expect(found.filter((item) => item.owner?.S === owner)).toEqual([{ pk: S(pk), sk: S('a'), owner: S(owner) }]);
    expect(found.every((item) => item.owner)).toBe(true);
  });

  check('Scan in four segments returns every item once', async () => {
    const marker = table().partition();
    for (let index = 0; index < 20; index += 1) {
      await table().put({ pk: S(table().partition()), sk: S('a'), note: S(marker) });
    }
    const segment = async (Segment: number) => {
      const keys: (string | undefined)[] = [];
      let start: Item | undefined;
      do {
        const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await table().client.send(
          new ScanCommand({
            TableName: table().name,
            Segment,
            TotalSegments: 4,
            FilterExpression: 'note = :m',
            ExpressionAttributeValues: { ':m': S(marker) },
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        keys.push(...(page.Items ?? []).map((item) => item.pk?.S));
        start = page.LastEvaluatedKey;
      } while (start);
      return keys;
    };
    const keys = (await Promise.all([0, 1, 2, 3].map(segment))).flat();
    expect(keys).toHaveLength(20);
    expect(new Set(keys).size).toBe(20);
  });

  check('ReturnConsumedCapacity tells units', async () => {
    const Item = { pk: S(table().partition()), sk: S('a') };
    const put = { TableName: table().name, Item, ReturnConsumedCapacity: 'TOTAL' as const };
    const { ConsumedCapacity: written } = await table().client.send(new PutItemCommand(put));
    expect(written?.CapacityUnits).toBeGreaterThanOrEqual(1);
    const { ConsumedCapacity: read } = await query({ ...ofPartition('any'), ReturnConsumedCapacity: 'TOTAL' });
    expect(read?.TableName).toBe(table().name);
  });
}
