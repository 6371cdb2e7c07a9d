import { hostname } from 'node:os';
import { ListTaskDefinitionsCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { readEnv } from '../../src/cli/env.ts';
import { packageVersion } from '../../src/cli/package-version.ts';
import { IN_FLIGHT_SHARDS } from '../../src/core/shards.ts';
import { freePort } from '../free-port.ts';
import { AGENT_YAML, writeConfig } from '../whole/config.ts';
import { Stage } from '../whole/stage.ts';
import { runInProcess } from './cli-in-process.ts';
import { startCli } from './cli-process.ts';
import { localEnv } from './local-server.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const slipway = (...args: string[]) =>
  runInProcess([...args, '--table', 'slipway', '--queue-url', stage.queueUrl], { env: readEnv(localEnv(stage.aws)) });

describe('slipway agents ls', () => {
  it('tells who works, and who has stopped', { timeout: 60_000 }, async () => {
    expect((await slipway('agents', 'ls')).stderr).toContain('no agent has been seen');
    const env = { ...localEnv(stage.aws), SLIPWAY_AGENT_ADDRESS: `http://127.0.0.1:${await freePort()}` };
    const args = [
      'agent',
      'start',
      '--config',
      stage.configRef,
      '--queue-url',
      stage.queueUrl,
      '--name',
      'a-1',
      '-l',
      'prod',
    ];
    const agent = startCli(args, { cwd: '/tmp', env });
    const told = async () => JSON.parse((await slipway('agents', 'ls', '-o', 'json')).stdout || '[]');
    const known = { name: 'a-1', labels: ['prod'], queues: [stage.queueUrl], flows: 5, inFlight: 0 };
    const program = { host: hostname(), pid: agent.child.pid, version: packageVersion() };
    await expect
      .poll(told, { timeout: 20_000 })
      .toMatchObject([{ ...known, ...program, state: 'working', shards: IN_FLIGHT_SHARDS.length }]);
    expect((await slipway('agents', 'ls')).stdout).toMatch(/a-1 +working/);

    agent.child.kill('SIGUSR2');
    await agent.until('"code":"debug"');
    agent.child.kill('SIGUSR2');
    await agent.until('"code":"info"');
    agent.child.kill('SIGTERM');
    await agent.ended();
    expect(await told()).toMatchObject([{ ...known, state: 'stopped', shards: 0 }]);
  });
});

describe('looking after queues', () => {
  it('counts, shows without taking, and tells why dead letters are dead', async () => {
    await stage.send({ flow: 'plain', runId: 'waits' });
    expect((await slipway('queue', 'status')).stdout).toMatch(
      /waiting +1\n[\s\S]*dead letters +0\noldest run +no run waits/,
    );
    const peeked = await slipway('queue', 'peek');
    expect(peeked.stdout).toContain('"runId":"waits"');
    expect(await stage.visible()).toBe(1);

    await stage.send('no request\tat all');
    const agent = await stage.agent();
    await agent.processAll(new AbortController().signal);
    const dead = await slipway('queue', 'dlq', 'ls');
    expect(dead.stdout).toContain('no request at all');
    expect(dead.stdout).not.toContain('\t');
    expect(dead.stdout).toMatch(/JSON/);
    expect(JSON.parse((await slipway('queue', 'status', '-o', 'json')).stdout)).toMatchObject({
      deadLetters: { waiting: 1 },
    });
  });

  it('sends dead letters once more', async () => {
    const sqs = createSqsClient({ endpoint: stage.aws.url, region: 'us-east-1' });
    await sqs.send(new SendMessageCommand({ QueueUrl: stage.deadLetterUrl, MessageBody: '{"flow":"plain"}' }));
    expect((await slipway('queue', 'dlq', 'redrive')).stdout).toMatch(/SQS moves \d back/);
    await expect.poll(() => stage.visible(), { timeout: 20_000 }).toBeGreaterThan(0);
    sqs.destroy();
  });
});

describe('slipway taskdef prune', () => {
  it('deregisters all but the newest revisions, and never one that a run in flight uses', async () => {
    await stage.send({ flow: 'sleeps', runId: 'in-flight' });
    const agent = await stage.agent();
    await agent.processAll(new AbortController().signal);
    const ecs = createEcsClient({ endpoint: stage.aws.url, region: 'us-east-1' });
    const containerDefinitions = [{ name: 'flow', image: 'busybox', memory: 128 }];
    for (const family of ['slipway-sleeps', 'slipway-sleeps', 'slipway-other', 'slipway-other', 'web']) {
      await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    }
    const names = async () =>
      (await ecs.send(new ListTaskDefinitionsCommand({}))).taskDefinitionArns?.map((arn) => arn.split('/').at(-1));
    const before = await names();
    const dry = await slipway('taskdef', 'prune', '--keep', '1', '--dry-run');
    expect(dry.stdout).toContain('slipway-other:1');
    expect(await names()).toEqual(before);
    const done = await slipway('taskdef', 'prune', '--keep', '1');
    expect(done).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('1 older ones are in use') });
    const left = await names();
    expect(left).toEqual(expect.arrayContaining(['slipway-sleeps:1', 'slipway-sleeps:3', 'slipway-other:2', 'web:1']));
    expect(left).not.toContain('slipway-sleeps:2');
    expect(left).not.toContain('slipway-other:1');
    ecs.destroy();
  });

  it('goes by the prefix of agent.yaml', async () => {
    const ecs = createEcsClient({ endpoint: stage.aws.url, region: 'us-east-1' });
    const containerDefinitions = [{ name: 'flow', image: 'busybox', memory: 128 }];
    for (const family of ['data-etl', 'data-etl', 'slipway-etl', 'slipway-etl']) {
      await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    }
    const config = writeConfig({ 'agent.yaml': AGENT_YAML.replace('ecs:', 'ecs:\n  familyPrefix: data') });
    const told = await slipway('taskdef', 'prune', '--keep', '1', '--dry-run', '--config', config);
    expect(told.stdout).toContain('data-etl:1');
    expect(told.stdout).not.toContain('slipway-');
    ecs.destroy();
  });
});
