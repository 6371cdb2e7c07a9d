import { CreateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunArchive } from '../../src/aws/dynamo-run-archive.ts';
import { DynamoRunDetails } from '../../src/aws/dynamo-run-details.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { TTL_ATTRIBUTE } from '../../src/aws/time-to-live.ts';
import { nextFacts } from '../../src/core/next-facts.ts';
import { detailsUntil, retentionMsOf } from '../../src/core/retention.ts';
import type { FinishedRun, Intent, QueuedRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { forgetOldRuns } from '../../src/runs/forget-old-runs.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { queuedRun } from '../fakes/runs.ts';
import { SteeredClock } from '../local/steered-clock.ts';

const DAY = 86_400_000;
const KEPT = retentionMsOf(15);
const WISH = { retentionMs: KEPT, lookBackMs: 10 * DAY };
const stop = createStop().signal;

let clock: SteeredClock;
let aws: LocalAws;
let dynamodb: ReturnType<typeof createDynamoDbClient>;
let documents: ReturnType<typeof createDocumentClient>;
let details: DynamoRunDetails;

beforeEach(async () => {
  clock = new SteeredClock();
  aws = await startLocalAws({ clock });
  dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  documents = createDocumentClient(dynamodb);
  details = new DynamoRunDetails(documents, 'slipway');
  await dynamodb.send(new CreateTableCommand(tableSchema('slipway')));
  clock.advance(1_000);
});
afterEach(async () => {
  dynamodb.destroy();
  await aws.stop();
});

function storeThatKeeps(retentionMs: number | undefined): DynamoRunStore {
  return new DynamoRunStore(documents, 'slipway', { retentionMs: () => retentionMs });
}

function ended(run: QueuedRun): FinishedRun {
  const reason = { code: 'CANCELLED', message: 'Nobody wants it.' } as const;
  return {
    ...nextFacts(run, 'CANCELLED', clock.now(), 'test', reason),
    status: 'CANCELLED',
    finishedAt: clock.now(),
    reason,
  };
}

async function accept(store: DynamoRunStore, runId: string): Promise<QueuedRun> {
  const run = queuedRun({ runId, requestedAt: clock.now(), notBefore: clock.now() });
  await store.accept(run);
  return run;
}

async function itemsOf(runId: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: 'slipway',
      KeyConditionExpression: 'PK = :run',
      ExpressionAttributeValues: { ':run': `RUN#${runId}` },
    }),
  );
  return Items;
}

/** When DynamoDB may forget each item of the run, in epoch milliseconds. */
async function endsOf(runId: string): Promise<readonly (number | undefined)[]> {
  return (await itemsOf(runId)).map(({ ttl }) => (ttl === undefined ? undefined : Number(ttl) * 1000));
}

async function putDetails(runId: string, until: number | undefined): Promise<void> {
  const step = { attempt: 1, order: 0, step: 'load', status: 'SUCCEEDED', tries: 1 } as const;
  await details.putSteps(runId, [step], until);
  await details.putReports(runId, [{ attempt: 1, number: 1, at: 1, method: 'log', params: {} }], until);
  await details.putHeartbeat(runId, { attempt: 1, taskArn: 'arn', count: 1, at: 1 }, until);
}

describe('the days that runs are kept', () => {
  it('begin when a run ends, and DynamoDB forgets it after them; one that waits stays', async () => {
    const TimeToLiveSpecification = { AttributeName: TTL_ATTRIBUTE, Enabled: true };
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: 'slipway', TimeToLiveSpecification }));
    const store = storeThatKeeps(KEPT);
    const waits = await accept(store, 'waits');
    await store.move(await accept(store, 'ends'), ended(queuedRun({ runId: 'ends', requestedAt: clock.now() })));
    clock.advance(KEPT - DAY);
    expect(await store.get('ends')).toBeDefined();
    clock.advance(2 * DAY);
    expect(await store.get('ends')).toBeUndefined();
    expect(await store.get(waits.runId)).toBeDefined();
    const { runs } = await store.list({ until: clock.now(), limit: 10 });
    expect(runs.map(({ runId }) => runId)).toEqual(['waits']);
  });

  it('also end for a run that was over the moment it was accepted', async () => {
    await storeThatKeeps(KEPT).accept(ended(queuedRun({ runId: 'rejected' })));
    expect(await endsOf('rejected')).toEqual([clock.now() + KEPT]);
  });

  it('hold for its steps, reports and signs of life, and for as long beyond as a run may last', async () => {
    const intent = { policy: { ...DEFAULT_POLICY, retentionMs: KEPT } } as Intent;
    await putDetails('run', detailsUntil(intent, clock.now()));
    expect(await endsOf('run')).toEqual(Array(3).fill(clock.now() + KEPT + 31 * DAY));
  });

  it('have no end where agent.yaml names none', async () => {
    await storeThatKeeps(undefined).accept(ended(queuedRun({ runId: 'old' })));
    await putDetails('old', detailsUntil({ policy: DEFAULT_POLICY } as Intent, clock.now()));
    expect(await endsOf('old')).toEqual(Array(4).fill(undefined));
  });
});

describe('forgetting old runs', () => {
  it('takes those that were given no end, with all that is beside them; not those that go on, nor the younger ones', async () => {
    const store = storeThatKeeps(undefined);
    const waits = await accept(store, 'waits');
    for (const runId of ['a', 'b']) {
      clock.advance(8 * DAY);
      await store.move(await accept(store, runId), ended(queuedRun({ runId, requestedAt: clock.now() })));
      await putDetails(runId, undefined);
    }
    const late = await accept(store, 'ends late');
    clock.advance(25 * DAY);
    await store.move(late, ended(late));
    await store.accept(ended(queuedRun({ runId: 'young', requestedAt: clock.now() })));
    const deps = { store, archive: new DynamoRunArchive(documents, 'slipway'), now: () => clock.now() };
    expect(await forgetOldRuns(deps, WISH, stop)).toBe(2);
    expect(await itemsOf('a')).toEqual([]);
    expect(await itemsOf('b')).toEqual([]);
    const { runs } = await store.list({ until: clock.now() + 1, since: clock.now() - 50 * DAY, limit: 10 });
    expect(runs.map(({ runId }) => runId).toSorted()).toEqual(['ends late', waits.runId, 'young']);
    expect(await forgetOldRuns(deps, WISH, stop)).toBe(0);
  });

  it('leaves to DynamoDB for some days what it deletes by itself', async () => {
    const store = storeThatKeeps(undefined);
    await store.move(await accept(store, 'a'), ended(queuedRun({ runId: 'a', requestedAt: clock.now() })));
    clock.advance(KEPT + 3 * DAY);
    const deps = { store, archive: new DynamoRunArchive(documents, 'slipway'), now: () => clock.now() };
    expect(await forgetOldRuns(deps, WISH, stop)).toBe(0);
    clock.advance(2 * DAY);
    expect(await forgetOldRuns(deps, WISH, stop)).toBe(1);
  });
});
