import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import {
  type AgentPresence,
  type AgentProcess,
  type AgentState,
  type Fleet,
  type FleetStore,
  REMEMBERED_MS,
  type ShardLease,
} from '../core/fleet.ts';
import { IN_FLIGHT_SHARDS } from '../core/shards.ts';
import { IS_ABSENT } from './conditions.ts';
import { timeToLive } from './time-to-live.ts';

const PARTITION = 'FLEET';
const AGENT = 'AGENT#';
const SHARD = 'SHARD#';

type Item = Readonly<Record<string, unknown>>;

/** The agents of a table and their leases, beside the runs: all in one partition, for one read. */
export class DynamoFleetStore implements FleetStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(): Promise<Fleet> {
    const items = await this.#items();
    const found = new Map(items.map((item) => [String(item.SK), item]));
    const agents = items.flatMap((item) => (String(item.SK).startsWith(AGENT) ? [presenceOf(item)] : []));
    return { agents, leases: IN_FLIGHT_SHARDS.map((shard) => leaseOf(shard, found.get(`${SHARD}${shard}`))) };
  }

  async beat(agent: AgentPresence): Promise<void> {
    const key = { PK: PARTITION, SK: `${AGENT}${agent.instance}` };
    const Item = { ...key, ...agent, ...timeToLive(agent.at + REMEMBERED_MS) };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async forget(instance: string): Promise<void> {
    const Key = { PK: PARTITION, SK: `${AGENT}${instance}` };
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key }));
  }

  /** A pass whose answer was lost looks like a lost one until the next read, which is soon enough. */
  async pass({ shard, epoch }: ShardLease, holder: ShardLease['holder']): Promise<boolean> {
    const Item = { PK: PARTITION, SK: `${SHARD}${shard}`, epoch: epoch + 1, ...(holder ? { holder } : {}) };
    const condition = epoch === 0 ? IS_ABSENT : isOfEpoch(epoch);
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #items(): Promise<readonly Item[]> {
    const items: Item[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#page(start);
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }

  #page(start: Record<string, unknown> | undefined): Promise<QueryCommandOutput> {
    return this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'PK = :partition',
        ExpressionAttributeValues: { ':partition': PARTITION },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
  }
}

function isOfEpoch(epoch: number) {
  return {
    ConditionExpression: '#epoch = :epoch',
    ExpressionAttributeNames: { '#epoch': 'epoch' },
    ExpressionAttributeValues: { ':epoch': epoch },
  };
}

function leaseOf(shard: string, item: Item | undefined): ShardLease {
  const holder = item?.holder as ShardLease['holder'];
  return { shard, epoch: Number(item?.epoch ?? 0), ...(holder === undefined ? {} : { holder }) };
}

function presenceOf(item: Item): AgentPresence {
  return {
    name: String(item.name),
    instance: String(item.instance),
    state: stateOf(item.state),
    process: processOf(item.process),
    labels: textsOf(item.labels),
    strictLabels: item.strictLabels === true,
    queues: textsOf(item.queues),
    flows: Number(item.flows),
    sinks: textsOf(item.sinks),
    inFlight: Number(item.inFlight),
    concurrentRuns: Number(item.concurrentRuns),
    launchesPerSecond: Number(item.launchesPerSecond),
    beat: Number(item.beat),
    at: Number(item.at),
  };
}

/** What another version says beyond this is a kind of working. */
function stateOf(value: unknown): AgentState {
  return value === 'draining' || value === 'stopped' ? value : 'working';
}

/** An agent of another version may say less of itself. */
function processOf(value: unknown): AgentProcess {
  const { host = '?', pid = 0, version = '?', startedAt = 0 } = (value ?? {}) as Item;
  return { host: String(host), pid: Number(pid), version: String(version), startedAt: Number(startedAt) };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
