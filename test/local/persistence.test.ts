import { join } from 'node:path';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type ChildProgram, startProgram, tsx } from './child-program.ts';
import { logsClient, newQueue, secretsClient, sqsClient, startAws } from './clients.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function startChild(stateDir: string): Promise<{ child: ChildProgram; url: string }> {
  const child = startProgram(tsx(join(import.meta.dirname, 'local-aws-program.ts'), stateDir));
  const { value: url = '' } = await child.lines.next();
  return { child, url };
}

async function receive(sqs: SQSClient, QueueUrl: string, VisibilityTimeout: number) {
  const input = { QueueUrl, VisibilityTimeout, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

describe('local AWS after kill -9', () => {
  it('has its queues: what waits, what is in flight until its time, and how often it was received', async () => {
    const stateDir = temporaryFolder();
    const { child, url } = await startChild(stateDir);
    const before = sqsClient(url);
    const queue = await newQueue(before, 'q', { DelaySeconds: '0' });
    for (const MessageBody of ['again', 'kept']) {
      await before.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
    }
    const received = await receive(before, queue, 0);
    expect(received.map(({ Body }) => Body)).toEqual(['again', 'kept']);
    const [kept] = await receive(before, queue, 600).then((messages) => messages.filter(({ Body }) => Body === 'kept'));
    await before.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'waiting' }));
    await child.kill();

    const aws = await startAws({ stateDir });
    const after = sqsClient(aws.url);
    const messages = await receive(after, queue.replace(url, aws.url), 600);
    expect(messages.map(({ Body }) => Body)).toEqual(['waiting']);
    expect(kept?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('gives a message that was in flight again when its time is over, with its count', async () => {
    const stateDir = temporaryFolder();
    const { child, url } = await startChild(stateDir);
    const before = sqsClient(url);
    const queue = await newQueue(before, 'q');
    await before.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'x' }));
    await receive(before, queue, 1);
    await child.kill();

    const aws = await startAws({ stateDir });
    const input = {
      QueueUrl: `${aws.url}/000000000000/q`,
      WaitTimeSeconds: 10,
      MessageSystemAttributeNames: ['All' as const],
    };
    const { Messages } = await sqsClient(aws.url).send(new ReceiveMessageCommand(input));
    expect(Messages?.[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('has every message whose sending was answered', async () => {
    const stateDir = temporaryFolder();
    const { child, url } = await startChild(stateDir);
    const before = sqsClient(url);
    const QueueUrl = await newQueue(before, 'q');
    const answered: string[] = [];
    const sender = async (name: string): Promise<void> => {
      for (let n = 0; ; n += 1) {
        const MessageBody = `${name}-${n}`;
        await before.send(new SendMessageCommand({ QueueUrl, MessageBody }));
        answered.push(MessageBody);
        if (answered.length === 300) await child.kill();
      }
    };
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(sender));
    expect(answered.length).toBeGreaterThanOrEqual(300);

    const aws = await startAws({ stateDir });
    const after = sqsClient(aws.url);
    const found = new Set<string>();
    for (;;) {
      const messages = await receive(after, `${aws.url}/000000000000/q`, 600);
      if (messages.length === 0) break;
      for (const { Body = '' } of messages) found.add(Body);
    }
    expect(answered.filter((body) => !found.has(body))).toEqual([]);
  });

  it('has its secrets and its logs', async () => {
    const stateDir = temporaryFolder();
    const { child, url } = await startChild(stateDir);
    await secretsClient(url).send(new CreateSecretCommand({ Name: 's', SecretString: 'value' }));
    const name = { logGroupName: '/g', logStreamName: 'flow/main/1' };
    const timestamp = Date.now();
    await logsClient(url).send(new CreateLogGroupCommand(name));
    await logsClient(url).send(new CreateLogStreamCommand(name));
    const logEvents = [{ timestamp, message: 'before' }];
    await logsClient(url).send(new PutLogEventsCommand({ ...name, logEvents }));
    await child.kill();

    const aws = await startAws({ stateDir });
    const secret = await secretsClient(aws.url).send(new GetSecretValueCommand({ SecretId: 's' }));
    expect(secret.SecretString).toBe('value');
    const logs = logsClient(aws.url);
    await logs.send(new PutLogEventsCommand({ ...name, logEvents: [{ timestamp: timestamp + 1, message: 'after' }] }));
    const { events } = await logs.send(new GetLogEventsCommand({ ...name, startFromHead: true }));
    expect(events?.map(({ message }) => message)).toEqual(['before', 'after']);
  });
});
