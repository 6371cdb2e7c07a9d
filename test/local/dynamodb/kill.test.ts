import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { startLocalAws } from '../../../src/local/start-local-aws.ts';
import { runUntilKilled } from './run-until-killed.ts';

const TableName = 'killed';
const WRITERS = 16;

interface Acknowledged {
  /** The highest value of the counter. */
  readonly counted: number;
  /** The last owner of each item. */
  readonly owners: ReadonlyMap<string, string>;
}

function acknowledgedIn(lines: readonly string[]): Acknowledged {
  const words = lines.map((line) => line.split(' '));
  const counts = words.flatMap(([word, number]) => (word === 'count' ? [Number(number)] : []));
  const owners = words.flatMap(([word, pk = '', owner = '']) => (word === 'item' ? [[pk, owner] as const] : []));
  return { counted: Math.max(...counts), owners: new Map(owners) };
}

/** Owners grow with the turns of a writer. */
function turnOf(owner: string | undefined): number {
  return Number(owner?.slice('owner-'.length));
}

async function readTable(client: DynamoDBClient): Promise<{ counter: number; owners: Map<string, string> }> {
  const items = [];
  for await (const page of paginateScan({ client }, { TableName })) items.push(...(page.Items ?? []));
  const counter = items.find((item) => item.pk?.S === 'counter');
  const owned = items.filter((item) => item !== counter);
  return {
    counter: Number(counter?.tries?.N),
    owners: new Map(owned.map(({ pk, owner }) => [pk?.S ?? '', owner?.S ?? ''])),
  };
}

async function readIndex(client: DynamoDBClient, owner: string): Promise<readonly (readonly [string, string])[]> {
  const query = {
    TableName,
    IndexName: 'by-owner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: owner } },
  };
  const items = [];
  for await (const page of paginateQuery({ client }, query)) items.push(...(page.Items ?? []));
  return items.map(({ pk }) => [pk?.S ?? '', owner]);
}

describe('DynamoDB of a killed local AWS', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'slipway-killed-'));
  const ends: (() => unknown)[] = [() => rmSync(stateDir, { recursive: true })];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  it('has every acknowledged write, whole transactions only, and indexes that agree with the items', async () => {
    const writer = new URL('./dynamodb-writer.ts', import.meta.url);
    const { counted, owners: acknowledged } = acknowledgedIn(await runUntilKilled(writer, [stateDir], 1500));

    const aws = await startLocalAws({ stateDir });
    ends.push(() => aws.stop());
    const credentials = { accessKeyId: 'reader', secretAccessKey: 'reader' };
    const client = new DynamoDBClient({ endpoint: aws.url, region: 'us-east-1', credentials });
    ends.push(() => client.destroy());
    const { counter, owners } = await readTable(client);

    expect(counter).toBeGreaterThanOrEqual(counted);
    expect(counter).toBeLessThanOrEqual(counted + WRITERS);
    const lost = [...acknowledged].filter(([pk, owner]) => !(turnOf(owners.get(pk)) >= turnOf(owner)));
    expect(lost).toEqual([]);
    const torn = [...owners].filter(([pk, owner]) => !pk.endsWith('-twin') && owners.get(`${pk}-twin`) !== owner);
    expect(torn).toEqual([]);
    const indexed = await Promise.all([...new Set(owners.values())].map((owner) => readIndex(client, owner)));
    expect(new Map(indexed.flat())).toEqual(owners);
    expect(indexed.flat()).toHaveLength(owners.size);
  });
});
