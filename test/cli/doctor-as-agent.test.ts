import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { readEnv } from '../../src/cli/env.ts';
import type { PolicyDocument } from '../../src/cli/policies/policy-document.ts';
import { writeConfig } from '../whole/config.ts';
import { Stage } from '../whole/stage.ts';
import { runInProcess } from './cli-in-process.ts';
import { localEnv } from './local-server.ts';

const ACCOUNT = '000000000000';
const AGENT = `arn:aws:sts::${ACCOUNT}:assumed-role/slipway-agent/i-0`;
const QUEUE_URL = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/slipway`;

let stage: Stage | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await stage?.close();
});

/** The agent's policy as it is printed, without some of its actions. */
async function printedPolicy(without: readonly string[]): Promise<PolicyDocument> {
  const config = writeConfig();
  const place = ['--queue-url', QUEUE_URL, '--region', 'us-east-1'];
  const { stdout } = await runInProcess(['aws', 'iam', '--config', config, '--role', 'agent', ...place]);
  rmSync(dirname(config), { recursive: true, force: true });
  const { Version, Statement }: PolicyDocument = JSON.parse(stdout);
  const left = Statement.map((one) => ({ ...one, Action: one.Action.filter((action) => !without.includes(action)) }));
  return { Version, Statement: left.filter(({ Action }) => Action.length > 0) };
}

/** What the doctor finds with the agent's own permissions. */
async function findingsOfAgent(...without: string[]): Promise<readonly Finding[]> {
  const policies = [await printedPolicy(without)];
  stage = await Stage.open({}, {}, { principals: [{ accessKeyId: 'agent', arn: AGENT, policies }] });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'agent');
  const args = ['doctor', '--config', stage.configRef, '--queue-url', stage.queueUrl, '-o', 'json'];
  const { stdout } = await runInProcess(args, { env: readEnv(localEnv(stage.aws)) });
  return JSON.parse(stdout);
}

describe('slipway doctor as the user of the agent', () => {
  it('finds nothing wrong with the printed policy: what only the doctor asks for is a warning', async () => {
    const found = await findingsOfAgent();
    expect(found.filter(({ status }) => status === 'NG')).toEqual([]);
    const denied = found.filter(({ isAccess }) => isAccess);
    expect(denied.map(({ check }) => check)).toContain('table');
  });

  it.each([
    ['queue slipway', 'sqs:GetQueueAttributes', `arn:aws:sqs:us-east-1:${ACCOUNT}:slipway`],
    ['queue slipway dlq', 'sqs:GetQueueUrl', `arn:aws:sqs:us-east-1:${ACCOUNT}:slipway-dlq`],
    ['agents', 'dynamodb:Query', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/slipway`],
    ['bucket', 's3:ListBucket', 'arn:aws:s3:::slipway'],
  ])('finds at %s that %s is missing', async (check, action, resource) => {
    const found = (await findingsOfAgent(action)).find((one) => one.check === check);
    expect(found).toMatchObject({ status: 'NG', isAccess: true });
    expect(found?.detail.toLowerCase()).toContain(`may not ${action} on ${resource}`.toLowerCase());
    expect(found?.fix?.toLowerCase()).toContain(
      `{"effect":"allow","action":"${action}","resource":"${resource}"}`.toLowerCase(),
    );
  });
});
