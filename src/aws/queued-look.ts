import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { QueuedEntry } from '../core/fair-deal.ts';
import type { QueuedSkip } from '../core/run-store.ts';
import type { RunTable } from './batch-get-runs.ts';
import { afterFlow, afterLane, queuedEntryOf } from './queued-key.ts';
import { QUEUED_SHARDS } from './run-item.ts';

/** Keys read at once. */
const PAGE = 100;

/** Reads that go from lane to lane, in each shard, and reads that go deeper into lanes, at most: a look costs no more. */
const MAX_LEAPS = 25;
const MAX_DEPTHS = 20;

export interface LookOptions {
  readonly now: number;
  readonly limit: number;
  readonly skip: QueuedSkip;
}

/** The rest of a lane that a look has leapt over. */
interface Rest {
  readonly shard: string;
  readonly after: string;
  readonly before: string;
}

/**
 * Looks for queued runs that are due, a little of every lane first. What one look does not get to, the next one begins with,
 * so that neither a long lane nor a great number of them hides the others.
 */
export class QueuedLook {
  readonly #table: RunTable;
  /** Shard → the key that the next look begins after. */
  readonly #begins = new Map<string, string>();

  constructor(table: RunTable) {
    this.#table = table;
  }

  /** Entries to choose from: `limit` of each flow if there are as many, and a few more. */
  async entries(options: LookOptions): Promise<readonly QueuedEntry[]> {
    const looks = await Promise.all(QUEUED_SHARDS.map((shard) => this.#leap(shard, options)));
    const found = looks.flatMap((look) => look.found);
    const rests = looks.flatMap((look) => look.rests);
    for (let reads = 0; reads < MAX_DEPTHS && found.length < options.limit && rests.length > 0; reads += 1) {
      const [rest] = rests.splice(0, 1);
      if (rest === undefined) break;
      const page = await this.#read(rest.shard, rest.after, rest.before);
      found.push(...wanted(page.keys, options));
      if (page.last !== undefined) rests.push({ ...rest, after: page.last });
    }
    return found;
  }

  /** From lane to lane, and from flow to flow where a flow has given enough. */
  async #leap(shard: string, options: LookOptions): Promise<{ found: QueuedEntry[]; rests: Rest[] }> {
    const found: QueuedEntry[] = [];
    const rests: Rest[] = [];
    let after = this.#begins.get(shard) ?? FIRST;
    for (let reads = 0; reads < MAX_LEAPS; reads += 1) {
      const page = await this.#read(shard, after, LAST);
      found.push(...wanted(page.keys, options));
      if (page.last === undefined) return this.#ended(shard, { found, rests });
      const entry = queuedEntryOf(page.last, '');
      const before = afterLane(page.last);
      if (isDue(entry, options) && !options.skip.lane(entry.lane)) rests.push({ shard, after: page.last, before });
      const ofFlow = found.filter(({ flow }) => flow === entry.flow).length;
      after = ofFlow >= options.limit ? afterFlow(page.last) : before;
    }
    this.#begins.set(shard, after);
    return { found, rests };
  }

  #ended<Look>(shard: string, look: Look): Look {
    this.#begins.delete(shard);
    return look;
  }

  async #read(
    shard: string,
    after: string,
    before: string,
  ): Promise<{ keys: readonly Key[]; last: string | undefined }> {
    const { client, table } = this.#table;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'queued',
        KeyConditionExpression: 'queuedShard = :shard AND queuedKey BETWEEN :after AND :before',
        ExpressionAttributeValues: { ':shard': shard, ':after': `${after}${NEXT}`, ':before': before },
        Limit: PAGE,
      }),
    );
    const keys = Items.map(({ queuedKey, PK }) => ({ queuedKey: String(queuedKey), runId: runIdOf(String(PK)) }));
    return { keys, last: LastEvaluatedKey === undefined ? undefined : keys.at(-1)?.queuedKey };
  }
}

interface Key {
  readonly queuedKey: string;
  readonly runId: string;
}

/** Below and above every key, and what puts a key behind another: a space is below whatever a key is made of. */
const FIRST = ' ';
const LAST = '~';
const NEXT = ' ';

function wanted(keys: readonly Key[], options: LookOptions): readonly QueuedEntry[] {
  const { skip } = options;
  return keys
    .map(({ queuedKey, runId }) => queuedEntryOf(queuedKey, runId))
    .filter((entry) => isDue(entry, options) && !skip.run(entry.runId) && !skip.lane(entry.lane));
}

function isDue({ dueAt }: QueuedEntry, { now }: LookOptions): boolean {
  return dueAt <= new Date(now).toISOString();
}

function runIdOf(partition: string): string {
  return partition.slice('RUN#'.length);
}
