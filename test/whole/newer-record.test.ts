import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { runKey } from '../../src/aws/run-item.ts';
import { type LogFacts, silentLog } from '../../src/service/log.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { Stage } from './stage.ts';

const stop = new AbortController().signal;
let stage: Stage;
let table: DynamoDBDocumentClient;
let warnings: { event: string; facts: LogFacts }[];

beforeEach(async () => {
  stage = await Stage.open();
  table = DynamoDBDocumentClient.from(createDynamoDbClient({ region: 'us-east-1', endpoint: stage.aws.url }));
  warnings = [];
});
afterEach(async () => {
  table.destroy();
  await stage.close();
});

/** What an agent of a later version has written: an index entry like ours, and a record that we cannot judge. */
async function newerRun(runId: string): Promise<void> {
  await stage.store.accept(
    queuedRun({ runId, request: runRequest({ flow: 'plain' }), requestedAt: Date.now() - 1_000 }),
  );
  await table.send(
    new UpdateCommand({
      TableName: 'slipway',
      Key: runKey(runId),
      UpdateExpression: 'SET minReader = :later, #record = :record',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':later': 2, ':record': '{"status":"PONDERING"}' },
    }),
  );
}

async function itemOf(runId: string): Promise<Record<string, unknown> | undefined> {
  return (await table.send(new GetCommand({ TableName: 'slipway', Key: runKey(runId), ConsistentRead: true }))).Item;
}

describe('a run that a later version of the agent has written', () => {
  it('is left alone, and that is said once; other runs go their way', async () => {
    const log = {
      ...silentLog,
      warn: (event: string, facts: LogFacts = {}) => void warnings.push({ event, facts }),
    };
    const agent = await stage.agent(log);
    await newerRun('later');
    const before = await itemOf('later');
    await stage.send({ flow: 'plain', runId: 'ours' });
    await expect
      .poll(
        async () => {
          await agent.processAll(stop);
          return (await stage.store.get('ours'))?.status;
        },
        { timeout: 20_000 },
      )
      .toBe('SUCCEEDED');
    expect(await itemOf('later')).toEqual(before);
    expect(stage.callsOf('ecs.RunTask')).toBe(1);
    expect(warnings.filter(({ event }) => event === 'run.newer-version')).toEqual([
      { event: 'run.newer-version', facts: { runId: 'later', error: expect.stringContaining('upgrade this program') } },
    ]);
  });

  it('is an error with its reason for whoever asks for it alone', async () => {
    await newerRun('later');
    await expect(stage.store.get('later')).rejects.toThrow('readers from version 2 on; this one is 1: upgrade');
  });
});
