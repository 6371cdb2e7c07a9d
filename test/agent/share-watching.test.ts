import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { ShardKeeper } from '../../src/agent/shard-keeper.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoFleetStore } from '../../src/aws/dynamo-fleet-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import type { FleetStore } from '../../src/core/fleet.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { presence } from '../fakes/presence.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

const RUNS = 60;
const BEAT_MS = 5_000;

let aws: LocalAws;
let dynamodb: ReturnType<typeof createDynamoDbClient>;
let fleet: FleetStore;
let { clock, host, deps } = memoryDeps();
let observed: string[];

beforeEach(async () => {
  aws = await startLocalAws({});
  dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await dynamodb.send(new CreateTableCommand(tableSchema('slipway')));
  fleet = new DynamoFleetStore(createDocumentClient(dynamodb), 'slipway');
  ({ clock, host, deps } = memoryDeps());
  const observe = host.observe.bind(host);
  host.observe = async (cluster, arns) => {
    observed.push(...arns);
    return observe(cluster, arns);
  };
  for (let i = 0; i < RUNS; i += 1) {
    const run = queuedRun({ runId: `run-${i}` });
    await deps.store.accept(run);
    await launchRun({ ...deps, by: 'gone' }, run, stop);
  }
});
afterEach(async () => {
  dynamodb.destroy();
  await aws.stop();
});

interface Watching {
  readonly keeper: ShardKeeper;
  readonly watcher: RunWatcher;
}

function agent(name: string): Watching {
  const loop = { clock, log: silentLog, onTrouble: () => {} };
  const keeper: ShardKeeper = new ShardKeeper({
    ...loop,
    fleet,
    name,
    instance: `${name}-1`,
    presence: () => presence(),
    onGained: () => watcher.scanSoon(),
    beatMs: BEAT_MS,
    leaseMs: 45_000,
  });
  const watcher = new RunWatcher({
    ...loop,
    store: deps.store,
    recover: { ...deps, by: name, instance: `${name}-1` },
    shards: keeper,
    isBeingLaunched: () => false,
    onQueued: () => {},
    onFreed: () => {},
    pace: DEFAULT_PACE,
  });
  return { keeper, watcher };
}

async function beats(count: number, agents: readonly Watching[]): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    for (const { keeper } of agents) await keeper.round();
    clock.advance(BEAT_MS);
  }
}

/** How many tasks the agents look at in one round of each, and how many different ones. */
async function looks(agents: readonly Watching[]): Promise<readonly [number, number]> {
  observed = [];
  for (const { watcher } of agents) {
    await watcher.scan();
    await watcher.look(stop, true);
  }
  return [observed.length, new Set(observed).size];
}

describe('several agents', () => {
  it('look at every task once between them, also after one of them has died or paused', async () => {
    const agents = [agent('one'), agent('two'), agent('three')];
    await beats(5, agents);
    for (const { watcher } of agents) await watcher.scan();
    expect(await looks(agents)).toEqual([RUNS, RUNS]);
    const [paused, ...others] = agents;
    await beats(12, others);
    expect(await looks(others)).toEqual([RUNS, RUNS]);
    if (paused) await paused.keeper.round();
    await beats(4, agents);
    expect(await looks(agents)).toEqual([RUNS, RUNS]);
  });

  it('may look at a task twice while one of them has not noticed yet, and change nothing by it', async () => {
    const agents = [agent('one'), agent('two')];
    await beats(4, agents);
    await beats(12, agents.slice(1));
    const [all, different] = await looks(agents);
    expect(all).toBeGreaterThan(RUNS);
    expect(different).toBe(RUNS);
    for (const taskArn of host.taskArns) host.end(taskArn, 0);
    await looks(agents);
    const runs = await deps.store.getMany(Array.from({ length: RUNS }, (_, i) => `run-${i}`));
    const ends = runs.map(({ history }) => history.filter(({ status }) => status === 'SUCCEEDED').length);
    expect(ends).toEqual(Array(RUNS).fill(1));
  });
});
