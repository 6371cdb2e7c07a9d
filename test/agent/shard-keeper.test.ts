import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ShardKeeper } from '../../src/agent/shard-keeper.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoFleetStore } from '../../src/aws/dynamo-fleet-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import type { FleetStore } from '../../src/core/fleet.ts';
import { IN_FLIGHT_SHARDS } from '../../src/core/shards.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { silentLog } from '../../src/service/log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { presence } from '../fakes/presence.ts';

const BEAT_MS = 5_000;
const LEASE_MS = 45_000;

let aws: LocalAws;
let dynamodb: ReturnType<typeof createDynamoDbClient>;
let tables = 0;
let fleet: FleetStore;
let clock: ManualClock;

beforeAll(async () => {
  aws = await startLocalAws({});
  dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
});
afterAll(async () => {
  dynamodb.destroy();
  await aws.stop();
});
beforeEach(async () => {
  tables += 1;
  await dynamodb.send(new CreateTableCommand(tableSchema(`table-${tables}`)));
  fleet = new DynamoFleetStore(createDocumentClient(dynamodb), `table-${tables}`);
  clock = new ManualClock();
});

function agent(name: string, instance = `${name}-1`, gained: string[] = []): ShardKeeper {
  return new ShardKeeper({
    fleet,
    name,
    instance,
    presence: () => presence({ labels: ['gpu'], queues: ['https://sqs/q'] }),
    clock,
    log: silentLog,
    onTrouble: () => {},
    onGained: () => gained.push(name),
    beatMs: BEAT_MS,
    leaseMs: LEASE_MS,
  });
}

/** So many beats of these agents, one after the other. */
async function beats(count: number, ...agents: readonly ShardKeeper[]): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    for (const one of agents) await one.round();
    clock.advance(BEAT_MS);
  }
}

/** An agent is asked to end; it may still have launches in hand. */
async function end(one: ShardKeeper): Promise<void> {
  const ending = new AbortController();
  ending.abort();
  await one.run(ending.signal);
}

async function states(): Promise<readonly string[]> {
  return (await fleet.read()).agents.map(({ name, state }) => `${name} ${state}`);
}

function shared(...agents: readonly ShardKeeper[]): readonly string[] {
  return agents.flatMap(({ shards }) => shards).sort((a, b) => Number(a) - Number(b));
}

describe('the shards of runs in flight', () => {
  it('are all watched by an agent that is alone, from its first beat on', async () => {
    const gained: string[] = [];
    const one = agent('one', 'one-1', gained);
    await one.round();
    expect(shared(one)).toEqual(IN_FLIGHT_SHARDS);
    expect(gained).toEqual(['one']);
  });

  it('are shared out evenly among agents that come later, each watched once', async () => {
    const agents = [agent('one'), agent('two'), agent('three'), agent('four')];
    const [first] = agents;
    if (first) await beats(1, first);
    await beats(4, ...agents);
    expect(agents.map(({ shards }) => shards.length)).toEqual([4, 4, 4, 4]);
    expect(shared(...agents)).toEqual(IN_FLIGHT_SHARDS);
  });

  it('stay watched once each when several agents start at the same moment', async () => {
    const agents = [agent('one'), agent('two'), agent('three')];
    for (let i = 0; i < 6; i += 1) {
      await Promise.all(agents.map((one) => one.round()));
      clock.advance(BEAT_MS);
    }
    expect(shared(...agents)).toEqual(IN_FLIGHT_SHARDS);
    expect(Math.max(...agents.map(({ shards }) => shards.length))).toBeLessThanOrEqual(6);
  });

  it('of an agent that is dead are adopted within a lease and two beats, not before', async () => {
    const [one, two] = [agent('one'), agent('two')];
    await beats(4, one, two);
    await beats(LEASE_MS / BEAT_MS - 2, two);
    expect(two.shards).toHaveLength(8);
    expect(two.isGone('one-1')).toBe(false);
    await beats(3, two);
    expect(shared(two)).toEqual(IN_FLIGHT_SHARDS);
    expect(two.isGone('one-1')).toBe(true);
  });

  it('of an agent that was paused are its share again after it has come back', async () => {
    const [one, two] = [agent('one'), agent('two')];
    await beats(4, one, two);
    await beats(12, two);
    expect(shared(two)).toEqual(IN_FLIGHT_SHARDS);
    await one.round();
    expect(one.shards).toEqual([]);
    await beats(3, two, one);
    expect(shared(one, two)).toEqual(IN_FLIGHT_SHARDS);
    expect(one.shards).toHaveLength(8);
  });

  it('do not change hands for clocks that differ, or that somebody sets', async () => {
    const [one, two] = [agent('one'), agent('two')];
    await beats(4, one, two);
    const before = two.shards;
    const now = clock.now();
    clock.now = () => now - 86_400_000;
    await beats(3, one);
    clock.now = () => now + 86_400_000;
    await beats(1, two);
    expect(two.shards).toEqual(before);
  });

  it('of an agent that was restarted are back within some beats: nobody else bears its name', async () => {
    await beats(2, agent('one', 'before'));
    const after = agent('one', 'after');
    await beats(4, after);
    expect(shared(after)).toEqual(IN_FLIGHT_SHARDS);
  });

  it('are shared by two agents that bear one name and live', async () => {
    const [one, two] = [agent('same', 'a'), agent('same', 'b')];
    await beats(8, one, two);
    const before = [one.shards, two.shards];
    await beats(4, one, two);
    expect([one.shards, two.shards]).toEqual(before);
    expect(shared(one, two)).toEqual(IN_FLIGHT_SHARDS);
  });

  it('are free at once when their agent begins to end; it is gone when it has ended', async () => {
    const [one, two] = [agent('one'), agent('two')];
    await beats(4, one, two);
    await end(one);
    expect(one.shards).toEqual([]);
    await beats(1, two);
    expect(shared(two)).toEqual(IN_FLIGHT_SHARDS);
    expect(await states()).toEqual(['one draining', 'two working']);
    expect(two.isGone('one-1')).toBe(false);
    await one.leave();
    await two.round();
    expect(await states()).toEqual(['one stopped', 'two working']);
    expect(two.isGone('one-1')).toBe(true);
  });

  it('stay with their agent while the table cannot be reached', async () => {
    const one = agent('one');
    await one.round();
    const heal = aws.faults.add({
      operation: 'dynamodb.PutItem',
      fault: { kind: 'error', name: 'ValidationException', message: 'no', status: 400 },
    });
    await expect(one.round()).rejects.toThrow('no');
    heal();
    expect(shared(one)).toEqual(IN_FLIGHT_SHARDS);
  });

  it('tell who watches them, with what people ask of an agent', async () => {
    await agent('one').round();
    const { agents } = await fleet.read();
    expect(agents).toEqual([presence({ labels: ['gpu'], queues: ['https://sqs/q'], beat: 1, at: clock.now() })]);
  });
});

describe('what is told of agents', () => {
  it('is of a restarted agent only what it is now, once the process before is known to be gone', async () => {
    const before = agent('one', 'before');
    await beats(2, before);
    const after = agent('one', 'after');
    await beats(3, after);
    expect(await states()).toEqual(['one working', 'one working']);
    await beats(1, after);
    expect((await fleet.read()).agents.map(({ instance }) => instance)).toEqual(['after']);
    await end(after);
    await after.leave();
    await agent('one', 'last').round();
    expect((await fleet.read()).agents.map(({ instance }) => instance)).toEqual(['last']);
  });

  it('keeps an agent of the same name that lives or drains, and those of other names that are gone', async () => {
    const [one, same, other] = [agent('one', 'a'), agent('one', 'b'), agent('other')];
    await beats(2, one, same, other);
    await end(same);
    await beats(1, one);
    expect((await states()).toSorted()).toEqual(['one draining', 'one working', 'other working']);
    await other.leave();
    await beats(12, one);
    expect((await states()).toSorted()).toEqual(['one working', 'other stopped']);
  });

  it('is read of an agent whose version says less', async () => {
    const item = { PK: 'FLEET', SK: 'AGENT#old', instance: 'old', name: 'old', beat: 1, at: clock.now() };
    await createDocumentClient(dynamodb).send(new PutCommand({ TableName: `table-${tables}`, Item: item }));
    const one = agent('one');
    await one.round();
    expect(shared(one)).toHaveLength(IN_FLIGHT_SHARDS.length / 2);
    expect(await states()).toEqual(['old working', 'one working']);
  });
});
