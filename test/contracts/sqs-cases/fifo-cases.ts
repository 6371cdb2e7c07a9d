import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateQueueCommand, DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { bodiesOf, handleOf, newName, type SqsBench, type SqsCase } from './sqs-bench.ts';

function sendTo(
  bench: SqsBench,
  QueueUrl: string,
  MessageGroupId: string,
  body: string,
  MessageDeduplicationId = body,
) {
  return bench.send(QueueUrl, body, { MessageGroupId, MessageDeduplicationId });
}

export const fifoCases: readonly SqsCase[] = [
  {
    title: 'the name of a FIFO queue ends with .fifo',
    async run({ client }) {
      const input = { QueueName: newName(), Attributes: { FifoQueue: 'true' } };
      await expect(client.send(new CreateQueueCommand(input))).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    },
  },
  {
    title: 'messages of a group come in the order in which they were sent',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      const bodies = ['1', '2', '3', '4', '5'];
      for (const body of bodies) await sendTo(bench, QueueUrl, 'g', body);
      expect(bodiesOf(await bench.receive(QueueUrl))).toEqual(bodies);
    },
  },
  {
    title: 'a group is locked while one of its messages is in flight, other groups are not',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await sendTo(bench, QueueUrl, 'a', 'a1');
      await sendTo(bench, QueueUrl, 'a', 'a2');
      await sendTo(bench, QueueUrl, 'b', 'b1');
      expect((await bench.receiveOne(QueueUrl)).Body).toBe('a1');
      expect(bodiesOf(await bench.receive(QueueUrl))).toEqual(['b1']);
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
  {
    title: 'deleting what is in flight frees its group, also for a poll that waits',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await sendTo(bench, QueueUrl, 'g', '1');
      await sendTo(bench, QueueUrl, 'g', '2');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      const polling = bench.receiveOne(QueueUrl, { WaitTimeSeconds: 5 });
      await delay(300);
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      expect((await polling).Body).toBe('2');
    },
  },
  {
    title: 'a message that comes back after its timeout is still the first of its group',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await sendTo(bench, QueueUrl, 'g', '1');
      await sendTo(bench, QueueUrl, 'g', '2');
      await bench.receiveOne(QueueUrl, { VisibilityTimeout: 1 });
      expect((await bench.receiveOne(QueueUrl)).Body).toBe('1');
    },
  },
  {
    title: 'a message sent twice with one deduplication id is there once, with one sequence number',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      const first = await sendTo(bench, QueueUrl, 'g', 'one', 'same');
      const second = await sendTo(bench, QueueUrl, 'g', 'two', 'same');
      expect(second.MessageId).toBe(first.MessageId);
      expect(second.SequenceNumber).toBe(first.SequenceNumber);
      expect(second.MD5OfMessageBody).toBe(createHash('md5').update('two').digest('hex'));
      expect(bodiesOf(await bench.receive(QueueUrl))).toEqual(['one']);
    },
  },
  {
    title: 'equal bodies are sent once when the queue deduplicates by content',
    async run(bench) {
      const QueueUrl = await bench.fifo({ ContentBasedDeduplication: 'true' });
      for (const body of ['same', 'same', 'other']) await bench.send(QueueUrl, body, { MessageGroupId: 'g' });
      expect(bodiesOf(await bench.receive(QueueUrl))).toEqual(['same', 'other']);
    },
  },
  {
    title: 'a duplicate is recognised also when the message has been deleted',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await sendTo(bench, QueueUrl, 'g', 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await sendTo(bench, QueueUrl, 'g', 'x');
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
  {
    title: 'a message without a group is refused',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await expect(bench.send(QueueUrl, 'x', { MessageDeduplicationId: 'x' })).rejects.toMatchObject({
        Code: 'MissingParameter',
      });
    },
  },
  {
    title: 'a message without a deduplication id is refused when the queue does not deduplicate by content',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      await expect(bench.send(QueueUrl, 'x', { MessageGroupId: 'g' })).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a message of a FIFO queue cannot have a delay of its own',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      const more = { MessageGroupId: 'g', MessageDeduplicationId: 'x', DelaySeconds: 2 };
      await expect(bench.send(QueueUrl, 'x', more)).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    },
  },
  {
    title: 'sequence numbers grow',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      const numbers: bigint[] = [];
      for (let n = 0; n < 8; n += 1) {
        const { SequenceNumber = '0' } = await sendTo(bench, QueueUrl, 'g', String(n));
        numbers.push(BigInt(SequenceNumber));
      }
      expect(numbers.every((number, n) => number > (numbers[n - 1] ?? 0n))).toBe(true);
    },
  },
  {
    title: 'a received message tells group, deduplication id and sequence number',
    async run(bench) {
      const QueueUrl = await bench.fifo();
      const { SequenceNumber } = await sendTo(bench, QueueUrl, 'g', '1');
      const message = await bench.receiveOne(QueueUrl, { MessageSystemAttributeNames: ['All'] });
      expect(message.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: '1', SequenceNumber });
    },
  },
  {
    title: 'a receipt whose time is over cannot delete from a FIFO queue',
    async run(bench) {
      const QueueUrl = await bench.fifo({ VisibilityTimeout: '1' });
      await sendTo(bench, QueueUrl, 'g', 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      await bench.receiveOne(QueueUrl, { WaitTimeSeconds: 10 });
      await expect(bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
];
