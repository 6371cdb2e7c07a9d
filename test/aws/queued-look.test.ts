import { DynamoDBDocumentClient, type QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { QueuedLook } from '../../src/aws/queued-look.ts';
import { toItem } from '../../src/aws/run-item.ts';
import { FairDeal } from '../../src/core/fair-deal.ts';
import { laneOf } from '../../src/core/lane.ts';
import type { QueuedRun } from '../../src/core/run.ts';
import { NOBODY, type QueuedSkip } from '../../src/core/run-store.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';

const NOW = Date.UTC(2026, 9, 1, 12);

interface Entry {
  readonly PK: string;
  readonly queuedKey: string;
}

interface Placed extends Entry {
  readonly shard: string;
}

/** The queued index of so many runs, in memory, with a count of what is asked of it. */
class Index {
  reads = 0;
  readonly #shards = new Map<string, Entry[]>();
  readonly look: QueuedLook;

  constructor(...groups: readonly Iterable<Placed>[]) {
    for (const group of groups) {
      for (const { shard, ...entry } of group) {
        const entries = this.#shards.get(shard) ?? [];
        this.#shards.set(shard, entries);
        entries.push(entry);
      }
    }
    for (const entries of this.#shards.values()) entries.sort((a, b) => (a.queuedKey < b.queuedKey ? -1 : 1));
    const send = async (command: QueryCommand): Promise<object> => this.#query(command);
    const client: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
    this.look = new QueuedLook({ client, table: 'slipway' });
  }

  /** The runs that one look would launch. */
  async dealt(limit: number, skip: QueuedSkip = NOBODY, deal = new FairDeal()): Promise<readonly string[]> {
    const entries = await this.look.entries({ now: NOW, limit, skip });
    return deal.deal(entries, limit).map(({ runId }) => runId);
  }

  #query({ input }: QueryCommand): object {
    this.reads += 1;
    const { ':shard': shard, ':after': after, ':before': before } = input.ExpressionAttributeValues ?? {};
    const found = (this.#shards.get(String(shard)) ?? []).filter(
      ({ queuedKey }) => queuedKey >= String(after) && queuedKey <= String(before),
    );
    const Items = found.slice(0, input.Limit);
    return Items.length < found.length ? { Items, LastEvaluatedKey: { PK: Items.at(-1)?.PK } } : { Items };
  }
}

/** Where the index has a run. */
function placed(run: QueuedRun): Placed {
  const { PK, queuedShard = '', queuedKey = '' } = toItem(run, 'nonce');
  return { shard: queuedShard, PK, queuedKey };
}

/** Runs that differ in their ids and due times only. */
function* crowd(flow: string, count: number, over: Partial<QueuedRun> = {}, priority = 0): Iterable<Placed> {
  const { shard, queuedKey } = placed(queuedRun({ request: runRequest({ flow, priority }), ...over }));
  const lane = queuedKey.split('#', 3).join('#');
  for (let i = 0; i < count; i += 1) {
    const dueAt = new Date(over.notBefore ?? NOW - 60_000 + (i % 50_000)).toISOString();
    yield { shard, PK: `RUN#${flow}-${i}`, queuedKey: `${lane}#${dueAt}#${flow}-${i}` };
  }
}

function one(flow: string, over: Partial<QueuedRun> = {}, priority = 0): readonly Placed[] {
  const request = runRequest({ flow, priority });
  return [placed(queuedRun({ runId: `the ${flow}`, request, notBefore: NOW - 1, ...over }))];
}

describe('a look at the queue', () => {
  it("finds another flow's single run at once beside a backlog of 100 000, with a few reads", async () => {
    const index = new Index(crowd('a', 100_000), one('b'));
    expect(await index.dealt(2)).toEqual(['a-0', 'the b']);
    expect(index.reads).toBeLessThanOrEqual(10);
  });

  it('finds it whatever the flows are called, and wherever they stand', async () => {
    for (const [many, single] of [
      ['a', 'a-b'],
      ['zz', 'a'],
      ['flow ☂ with words', 'flow'],
      ['same', 'SAME'],
    ] as const) {
      const index = new Index(crowd(many, 3_000), one(single));
      expect(await index.dealt(2)).toContain(`the ${single}`);
    }
  });

  it('honours a priority across a backlog of 100 000 of the same flow', async () => {
    const index = new Index(crowd('a', 100_000), one('a', {}, 7));
    expect((await index.dealt(5))[0]).toBe('the a');
    expect(index.reads).toBeLessThanOrEqual(10);
  });

  it('honours a priority across flows', async () => {
    const index = new Index(crowd('a', 1_000, {}, 3), one('b', {}, 2), one('c', {}, 9));
    expect(await index.dealt(3)).toEqual(['the c', 'a-0', 'a-1']);
  });

  it('passes over 100 000 runs of a flow that wait for a limit, to one that does not', async () => {
    const waiting = { slots: [{ key: 'flow/a/acme', limit: 1 }] };
    const free = one('a', { slots: [{ key: 'flow/a/other', limit: 1 }] });
    const full = laneOf({ request: runRequest({ flow: 'a' }), ...waiting }).lane;
    const index = new Index(crowd('a', 100_000, waiting), free);
    expect(await index.dealt(10, { ...NOBODY, lane: (lane) => lane === full })).toEqual(['the a']);
    expect(index.reads).toBeLessThanOrEqual(10);
  });

  it('goes deeper into a lane when nothing else is to be had', async () => {
    const index = new Index(crowd('a', 5_000));
    expect(await index.dealt(200)).toHaveLength(200);
    const skipped = new Set(Array.from({ length: 1_000 }, (_, i) => `a-${i}`));
    expect(await index.dealt(200, { ...NOBODY, run: (runId) => skipped.has(runId) })).toHaveLength(200);
  });

  it('finds nothing that is not due', async () => {
    const index = new Index(crowd('a', 500, { notBefore: NOW + 1 }), one('b'));
    expect(await index.dealt(10)).toEqual(['the b']);
  });

  it('comes round to every one of 30 000 flows, each look with a bounded number of reads', async () => {
    const { queuedKey } = placed(queuedRun({ request: runRequest({ flow: 'flow' }) }));
    const flows = Array.from({ length: 30_000 }, (_, i) => ({
      shard: String(i % 4),
      PK: `RUN#${i}`,
      queuedKey: queuedKey.replace('flow', `flow-${i}`),
    }));
    const index = new Index(flows);
    const found = new Set<string>();
    for (let looks = 0; looks < 8; looks += 1) {
      index.reads = 0;
      for (const { runId } of await index.look.entries({ now: NOW, limit: 10, skip: NOBODY })) found.add(runId);
      expect(index.reads).toBeLessThanOrEqual(4 * 25 + 20);
    }
    expect(found.size).toBe(30_000);
  });

  it('still finds runs that an older version has queued', async () => {
    const entry = { PK: 'RUN#old', queuedKey: '2026-09-01T00:00:00.000Z#1000#old' };
    const send = async ({ input }: QueryCommand): Promise<object> =>
      input.ExpressionAttributeValues?.[':shard'] === '0' ? { Items: [entry] } : { Items: [] };
    const client: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
    const found = await new QueuedLook({ client, table: 't' }).entries({ now: NOW, limit: 5, skip: NOBODY });
    expect(found.map(({ runId }) => runId)).toEqual(['old']);
  });
});
