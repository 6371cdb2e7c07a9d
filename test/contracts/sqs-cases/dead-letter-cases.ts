import {
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ResourceNotFoundException,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import type { SqsBench, SqsCase } from './sqs-bench.ts';

/** Sends a message and receives it until it has moved to the dead-letter queue. */
async function letDie(bench: SqsBench, source: string, body: string): Promise<string | undefined> {
  const { MessageId } = await bench.send(source, body);
  await bench.receiveOne(source);
  expect(await bench.receive(source)).toEqual([]);
  return MessageId;
}

export const deadLetterCases: readonly SqsCase[] = [
  {
    title: 'a message received too often goes to the dead-letter queue and keeps its id',
    async run(bench) {
      const { source, dead } = await bench.withDeadLetters(2);
      const { MessageId } = await bench.send(source, 'poison');
      await bench.receiveOne(source);
      await bench.receiveOne(source);
      expect(await bench.receive(source)).toEqual([]);
      expect(await bench.receiveOne(dead)).toMatchObject({ Body: 'poison', MessageId });
    },
  },
  {
    title: 'a dead letter tells the queue it came from',
    async run(bench) {
      const { source, dead } = await bench.withDeadLetters(1);
      await letDie(bench, source, 'poison');
      const message = await bench.receiveOne(dead, { MessageSystemAttributeNames: ['All'] });
      expect(message.Attributes?.DeadLetterQueueSourceArn).toBe(await bench.attribute(source, 'QueueArn'));
    },
  },
  {
    title: 'a message behind one that has died is received in the same call',
    async run(bench) {
      const { source } = await bench.withDeadLetters(1);
      await bench.send(source, 'poison');
      await bench.receiveOne(source);
      await bench.send(source, 'good');
      expect(await bench.receive(source, { MaxNumberOfMessages: 1 })).toMatchObject([{ Body: 'good' }]);
    },
  },
  {
    title: 'a dead-letter queue lists the queues that feed it',
    async run(bench) {
      const { source, dead } = await bench.withDeadLetters(1);
      const { queueUrls } = await bench.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
      expect(queueUrls).toEqual([source]);
    },
  },
  {
    title: 'a redrive policy that is not JSON is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const Attributes = { RedrivePolicy: 'nonsense' };
      await expect(bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a dead-letter queue that does not exist is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const arn = await bench.attribute(QueueUrl, 'QueueArn');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${arn}-missing`, maxReceiveCount: 1 });
      await expect(
        bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } })),
      ).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    },
  },
  {
    title: 'a move task brings dead letters back to the queue they came from',
    async run(bench) {
      const { source, deadArn } = await bench.withDeadLetters(1);
      await letDie(bench, source, 'poison');
      const start = await bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: deadArn }));
      expect(start.TaskHandle).toBeTruthy();
      expect((await bench.receiveOne(source)).Body).toBe('poison');
    },
  },
  {
    title: 'a move task can have another destination, and is listed when it has ended',
    async run(bench) {
      const { source, deadArn } = await bench.withDeadLetters(1);
      await letDie(bench, source, 'poison');
      const target = await bench.queue();
      const DestinationArn = await bench.attribute(target, 'QueueArn');
      await bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: deadArn, DestinationArn }));
      expect((await bench.receiveOne(target)).Body).toBe('poison');
      await vi.waitFor(async () => {
        const { Results } = await bench.client.send(new ListMessageMoveTasksCommand({ SourceArn: deadArn }));
        expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, DestinationArn }]);
      });
    },
  },
  {
    title: 'a move task needs a source that is a dead-letter queue',
    async run(bench) {
      const SourceArn = await bench.attribute(await bench.queue(), 'QueueArn');
      await expect(bench.client.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
      await expect(
        bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: `${SourceArn}-missing` })),
      ).rejects.toBeInstanceOf(ResourceNotFoundException);
    },
  },
];
