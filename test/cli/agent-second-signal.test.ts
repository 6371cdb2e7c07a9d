import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { emptyFolder, type Folder, runCliProcess, startCli } from './cli-process.ts';
import { localEnv, startServer } from './local-server.ts';

let aws: LocalAws;
let folder: Folder;
let queueUrl: string;

beforeAll(async () => {
  aws = await startServer();
  folder = await emptyFolder();
  queueUrl = `${aws.url}/000000000000/requests`;
  await folder.write('flows/idle.yaml', 'flow: idle\nrunConfig: { image: busybox, command: ["true"] }\n');
  await folder.write(
    'agent.yaml',
    `table: runs\nqueues: [{ url: "${queueUrl}" }]\necs: { network: { subnets: [subnet-1] } }\n`,
  );
  await runCliProcess(['setup'], { cwd: folder.path, env: localEnv(aws) });
});
afterAll(async () => {
  await aws.stop();
  await folder.remove();
});

describe('an agent that is asked to stop twice', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('leaves at once, with work in hand: %s', async (second) => {
    const agent = startCli(['agent', 'start', '--log-level', 'info'], { cwd: folder.path, env: localEnv(aws) });
    await agent.until('agent.started');
    // Longer than any drain: the agent is surely still busy when the second signal comes.
    const takeBack = aws.faults.add({ operation: 'ecs.RunTask', fault: { kind: 'delay', ms: 60_000 } });
    const before = aws.faults.counts().get('ecs.RunTask') ?? 0;
    const sqs = createSqsClient({ region: 'us-east-1', endpoint: aws.url });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"flow":"idle"}' }));
    sqs.destroy();
    await expect.poll(() => aws.faults.counts().get('ecs.RunTask') ?? 0, { timeout: 20_000 }).toBe(before + 1);
    agent.child.kill('SIGTERM');
    await agent.until('agent.stopping');
    agent.child.kill(second);
    const { stdout } = await agent.ended();
    takeBack();
    expect(agent.child.signalCode).toBe('SIGTERM');
    expect(stdout).not.toContain('agent.stopped');
  });
});
