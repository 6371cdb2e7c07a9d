import { type ContainerDefinition, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { locateLog } from '../../src/aws/log-location.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

const TASK = 'arn:aws:ecs:us-east-1:000000000000:task/default/0c1f9a';

let aws: LocalAws;
let ecs: ReturnType<typeof createEcsClient>;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  aws = await startLocalAws({});
  ecs = createEcsClient({ endpoint: aws.url, region: 'us-east-1' });
});
afterAll(async () => {
  ecs.destroy();
  await aws.stop();
  vi.unstubAllEnvs();
});

async function located(logConfiguration: ContainerDefinition['logConfiguration'], container = 'flow') {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'f',
      containerDefinitions: [
        { name: 'sidecar', image: 'busybox', memory: 64 },
        { name: 'flow', image: 'busybox', memory: 64, logConfiguration },
      ],
    }),
  );
  return locateLog(ecs, { taskDefinition: taskDefinition?.taskDefinitionArn ?? '', container, taskArn: TASK });
}

describe('where the output of a container is', () => {
  it('is told by the options of its log driver and the id of its task', async () => {
    const options = { 'awslogs-group': '/slipway/runs', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'run' };
    expect(await located({ logDriver: 'awslogs', options })).toEqual({
      ok: true,
      value: { group: '/slipway/runs', stream: 'run/flow/0c1f9a', region: 'eu-west-1' },
    });
  });

  it('is nowhere for a container without a log configuration', async () => {
    expect(await located(undefined)).toMatchObject({
      ok: false,
      error: expect.stringContaining('no logConfiguration'),
    });
  });

  it('is elsewhere for another log driver', async () => {
    expect(await located({ logDriver: 'splunk' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('splunk'),
    });
  });
});
