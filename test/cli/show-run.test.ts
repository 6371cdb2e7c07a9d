import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunDetails } from '../../src/aws/dynamo-run-details.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { readEnv } from '../../src/cli/env.ts';
import type { RunReport } from '../../src/core/run-details.ts';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { startingRun, TASK } from '../worker/fixtures.ts';
import { runInProcess } from './cli-in-process.ts';
import { localEnv, startServer } from './local-server.ts';

let aws: LocalAws;
let client: DynamoDBClient;

beforeAll(async () => {
  aws = await startServer();
  client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  const documents = createDocumentClient(client);
  const [now, { status: _, ...facts }] = [Date.now(), startingRun()];
  await new DynamoRunStore(documents, 'slipway').accept({ ...facts, status: 'RUNNING', startedAt: now });
  const details = new DynamoRunDetails(documents, 'slipway');
  await details.putHeartbeat('run-1', { attempt: 1, taskArn: TASK, count: 7, at: now });
  await details.putReports(
    'run-1',
    Array.from({ length: 21 }, (_, index) => report(index + 1)),
  );
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});

function report(number: number): RunReport {
  return { attempt: 1, number, at: 1_800_000_000_000, method: 'report_custom_message', params: { number } };
}

const slipway = (...args: string[]) => runInProcess([...args, '--table', 'slipway'], { env: readEnv(localEnv(aws)) });

describe('a run that is shown while its worker works', () => {
  it("has its worker's last sign of life, in words and for programs", async () => {
    expect((await slipway('runs', 'get', 'run-1')).stdout).toMatch(/heartbeat +number 7, \d+ s ago\n/);
    const { heartbeat } = JSON.parse((await slipway('runs', 'get', 'run-1', '-o', 'json')).stdout);
    expect(heartbeat).toEqual({ count: 7, at: expect.stringMatching(/^20.*Z$/) });
    expect((await slipway('why', 'run-1')).stdout).toMatch(/its worker gives signs of life +number 7, \d+ s ago/);
  });

  it('says that there are more reports than it shows, and where', async () => {
    const { stdout } = await slipway('runs', 'get', 'run-1');
    expect(stdout).toContain('{"number":20}');
    expect(stdout).not.toContain('{"number":21}');
    expect(stdout).toMatch(/more reports: slipway runs reports \S+\n/);
    const { reports, moreReports } = JSON.parse((await slipway('runs', 'get', 'run-1', '-o', 'json')).stdout);
    expect({ count: reports.length, moreReports }).toEqual({ count: 21, moreReports: false });
  });
});
