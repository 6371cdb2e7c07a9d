import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createLogsClient } from '../../src/aws/create-logs-client.ts';
import { setUpCluster } from '../../src/aws/set-up-cluster.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { readEnv } from '../../src/cli/env.ts';
import { Stage } from '../whole/stage.ts';
import { type InProcessResult, runInProcess } from './cli-in-process.ts';
import { localEnv } from './local-server.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  await setUpCluster(createEcsClient({ endpoint: stage.aws.url, region: 'us-east-1' }), 'default');
});
afterEach(() => stage.close());

function doctor(...args: string[]): Promise<InProcessResult> {
  const env = readEnv(localEnv(stage.aws));
  return runInProcess(['doctor', '--config', stage.configRef, '--queue-url', stage.queueUrl, ...args], { env });
}

async function findings(...args: string[]): Promise<ReadonlyMap<string, Finding>> {
  const list: Finding[] = JSON.parse((await doctor('-o', 'json', ...args)).stdout);
  return new Map(list.map((finding) => [finding.check, finding]));
}

describe('slipway doctor', () => {
  it('finds a good account good, and says what it could not look at', async () => {
    const { exitCode, stdout } = await doctor();
    expect(stdout).toMatch(/OK +account +000000000000/);
    expect(stdout).toMatch(/OK +table +slipway ACTIVE/);
    expect(stdout).toMatch(/OK +queue slipway +0 waiting, 0 in flight/);
    expect(stdout).toMatch(/OK +clock/);
    expect(stdout).toMatch(/OK +cluster default +ACTIVE/);
    expect(stdout).toMatch(/OK +flows +5 loaded/);
    expect(stdout).toMatch(/WARN +events/);
    expect(stdout).toMatch(/WARN +agents +none is at work\n +fix: slipway agent start/);
    expect(stdout).toMatch(/\d+ OK, \d+ WARN, 0 NG/);
    expect(exitCode).toBe(0);
  });

  it('names what is missing, with the command that makes it', async () => {
    const found = await findings('--table', 'elsewhere', '--bucket', 's3://no-such-bucket');
    expect(found.get('table')).toMatchObject({ status: 'NG', fix: 'slipway setup --table elsewhere' });
    expect(found.get('bucket')).toMatchObject({ status: 'NG', fix: 'slipway setup --bucket s3://no-such-bucket' });
    expect((await doctor('--table', 'elsewhere')).exitCode).toBe(3);
  });

  it('names the log group that no definition has made', async () => {
    const logs = createLogsClient({ endpoint: stage.aws.url, region: 'us-east-1' });
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/other' }));
    expect([...(await findings()).keys()].filter((check) => check.startsWith('log group'))).toEqual([]);
  });

  it('names who may not do what on which resource, with the statement to add', async () => {
    const ada = 'arn:aws:iam::000000000000:user/ada';
    const deny = (operation: string, action: string, resource: string) => {
      const message = `User: ${ada} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
      stage.aws.faults.add({
        operation,
        fault: { kind: 'error', name: 'AccessDeniedException', message, status: 400 },
      });
      const statement = { Effect: 'Allow', Action: action, Resource: resource };
      const fix = `add to the policy of ${ada}: ${JSON.stringify(statement)}`;
      return { detail: `${ada} may not ${action} on ${resource}`, fix, isAccess: true };
    };
    const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/slipway';
    const notNeeded = deny('dynamodb.DescribeTable', 'dynamodb:DescribeTable', table);
    expect((await findings()).get('table')).toEqual({ check: 'table', status: 'WARN', ...notNeeded });
    expect((await doctor()).exitCode).toBe(0);
    const queue = 'arn:aws:sqs:us-east-1:000000000000:slipway';
    const needed = deny('sqs.GetQueueAttributes', 'sqs:getqueueattributes', queue);
    expect((await findings()).get('queue slipway')).toEqual({ check: 'queue slipway', status: 'NG', ...needed });
    expect((await doctor()).exitCode).toBe(4);
  });

  it('sees that a queue is in another region', async () => {
    const url = 'https://sqs.eu-west-1.amazonaws.com/000000000000/slipway';
    const { stdout } = await runInProcess(['doctor', '--config', stage.configRef, '--queue-url', url, '-o', 'json'], {
      env: readEnv(localEnv(stage.aws)),
    });
    const [queue] = JSON.parse(stdout).filter(({ check }: Finding) => check === 'queue slipway');
    expect(queue).toMatchObject({ status: 'NG', fix: 'AWS_REGION=eu-west-1' });
  });

  it('tells that nobody answers, and what of it', async () => {
    const env = readEnv({ ...localEnv(stage.aws), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    const { exitCode, stdout } = await runInProcess(
      ['doctor', '--config', stage.configRef, '--queue-url', stage.queueUrl],
      { env },
    );
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/NG +table +AWS cannot be reached at 127\.0\.0\.1:1/);
  });
});
