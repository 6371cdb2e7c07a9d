import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { newQueue, sqsClient, startAws, waitingMessages } from '../clients.ts';
import { SteeredClock } from '../steered-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const HOUR_MS = 3_600_000;

async function start() {
  const clock = new SteeredClock();
  const aws = await startAws({ clock });
  return { aws, clock, sqs: sqsClient(aws.url) };
}

async function receive(sqs: SQSClient, QueueUrl: string) {
  return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];
}

describe('time in local SQS', () => {
  it('brings a message back at the very end of its visibility timeout', async () => {
    const { clock, sqs } = await start();
    const QueueUrl = await newQueue(sqs, 'q', { VisibilityTimeout: '30' });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await receive(sqs, QueueUrl);
    clock.advance(29_999);
    expect(await receive(sqs, QueueUrl)).toHaveLength(0);
    clock.advance(1);
    expect(await receive(sqs, QueueUrl)).toHaveLength(1);
  });

  it('removes a message at the end of the retention period, wherever it is', async () => {
    const { clock, sqs } = await start();
    const QueueUrl = await newQueue(sqs, 'q', { MessageRetentionPeriod: '60', VisibilityTimeout: '600' });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'in flight' }));
    await receive(sqs, QueueUrl);
    clock.advance(30_000);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waiting' }));
    clock.advance(30_000);
    const input = { QueueUrl, AttributeNames: ['All' as const] };
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand(input));
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0', ApproximateNumberOfMessages: '1' });
    clock.advance(30_000);
    expect(await receive(sqs, QueueUrl)).toHaveLength(0);
  });

  it('lets nobody keep a message for more than twelve hours, however often he asks', async () => {
    const { clock, sqs } = await start();
    const QueueUrl = await newQueue(sqs, 'q', { VisibilityTimeout: '43200' });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [message] = await receive(sqs, QueueUrl);
    clock.advance(11 * HOUR_MS);
    const change = { QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? '' };
    await sqs.send(new ChangeMessageVisibilityCommand({ ...change, VisibilityTimeout: 3600 }));
    await expect(sqs.send(new ChangeMessageVisibilityCommand({ ...change, VisibilityTimeout: 3601 }))).rejects.toThrow(
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    );
    clock.advance(HOUR_MS);
    expect(await receive(sqs, QueueUrl)).toHaveLength(1);
  });

  it('forgets a deduplication id after five minutes', async () => {
    const { clock, sqs } = await start();
    const QueueUrl = await newQueue(sqs, 'q.fifo', { FifoQueue: 'true' });
    const message = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    await sqs.send(new SendMessageCommand(message));
    clock.advance(5 * 60_000 - 1);
    await sqs.send(new SendMessageCommand(message));
    expect(await waitingMessages(sqs, QueueUrl)).toBe(1);
    clock.advance(1);
    await sqs.send(new SendMessageCommand(message));
    expect(await waitingMessages(sqs, QueueUrl)).toBe(2);
  });

  it('ends a poll whose queue is deleted', async () => {
    const { aws, sqs } = await start();
    const QueueUrl = await newQueue(sqs, 'q');
    const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const failed = expect(polling).rejects.toBeInstanceOf(QueueDoesNotExist);
    await vi.waitFor(() => expect(aws.faults.counts().get('sqs.ReceiveMessage')).toBe(1));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await failed;
  });
});

describe('a move task', () => {
  /** A dead-letter queue with three dead letters. */
  async function threeDead(sqs: SQSClient) {
    const dead = await newQueue(sqs, 'dead');
    const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: '1' });
    const source = await newQueue(sqs, 'source', { RedrivePolicy, VisibilityTimeout: '0' });
    for (const MessageBody of ['1', '2', '3'])
      await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody }));
    await receive(sqs, source);
    expect(await receive(sqs, source)).toHaveLength(0);
    expect(await waitingMessages(sqs, dead)).toBe(3);
    return { source, dead, deadArn };
  }

  function startTask(sqs: SQSClient, SourceArn: string) {
    return sqs.send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 1 }));
  }

  it('moves as many messages a second as it may, and only one runs at a time', async () => {
    const { clock, sqs } = await start();
    const { source, deadArn } = await threeDead(sqs);
    await startTask(sqs, deadArn);
    await expect(startTask(sqs, deadArn)).rejects.toThrow('There is already a task running.');
    clock.advance(0);
    expect(await waitingMessages(sqs, source)).toBe(1);
    clock.advance(2000);
    expect(await waitingMessages(sqs, source)).toBe(3);
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadArn }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 }]);
    await startTask(sqs, deadArn);
  });

  it('can be cancelled, and what was moved stays moved', async () => {
    const { clock, sqs } = await start();
    const { source, dead, deadArn } = await threeDead(sqs);
    const { TaskHandle } = await startTask(sqs, deadArn);
    clock.advance(0);
    await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    clock.advance(60_000);
    expect(await waitingMessages(sqs, source)).toBe(1);
    expect(await waitingMessages(sqs, dead)).toBe(2);
  });

  it('goes on after a restart', async () => {
    const clock = new SteeredClock();
    const stateDir = temporaryFolder();
    const first = await startAws({ clock, stateDir });
    const { source, deadArn } = await threeDead(sqsClient(first.url));
    await startTask(sqsClient(first.url), deadArn);
    clock.advance(0);
    await first.stop();
    const second = await startAws({ clock, stateDir });
    clock.advance(5000);
    const sqs = sqsClient(second.url);
    expect(await waitingMessages(sqs, source.replace(first.url, second.url))).toBe(3);
  });
});
