import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { handleOf, type SqsCase } from './sqs-bench.ts';

export const visibilityCases: readonly SqsCase[] = [
  {
    title: 'a received message is invisible until its timeout ends, and then comes again with a new handle',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '1' });
      await bench.send(QueueUrl, 'x');
      const first = await bench.receiveOne(QueueUrl);
      expect(await bench.receive(QueueUrl)).toEqual([]);
      const second = await bench.receiveOne(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      expect(second.MessageId).toBe(first.MessageId);
      expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
      expect(second.Attributes?.ApproximateReceiveCount).toBe('2');
    },
  },
  {
    title: 'a deleted message does not come again, and deleting it twice is no error',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl, { VisibilityTimeout: 1 }));
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      expect(await bench.receive(QueueUrl, { WaitTimeSeconds: 2 })).toEqual([]);
    },
  },
  {
    title: 'a visibility timeout of zero gives a message back at once',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      await bench.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      expect(await bench.receive(QueueUrl)).toHaveLength(1);
    },
  },
  {
    title: 'a longer visibility timeout keeps a message away',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl, { VisibilityTimeout: 2 }));
      await bench.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 }));
      expect(await bench.receive(QueueUrl, { WaitTimeSeconds: 3 })).toEqual([]);
    },
  },
  {
    title: 'the timeout of a message that is not in flight cannot be changed',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
      await bench.client.send(new ChangeMessageVisibilityCommand(change));
      await expect(
        bench.client.send(new ChangeMessageVisibilityCommand({ ...change, VisibilityTimeout: 30 })),
      ).rejects.toBeInstanceOf(MessageNotInflight);
    },
  },
  {
    title: 'a message cannot be kept for more than twelve hours since it was received',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 43_201 };
      await expect(bench.client.send(new ChangeMessageVisibilityCommand(change))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a receipt handle that no receive gave out is ReceiptHandleIsInvalid',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const bogus = { QueueUrl, ReceiptHandle: 'bogus' };
      await expect(bench.client.send(new DeleteMessageCommand(bogus))).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
      await expect(
        bench.client.send(new ChangeMessageVisibilityCommand({ ...bogus, VisibilityTimeout: 1 })),
      ).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
    },
  },
  {
    title: 'an older receipt handle does not delete a message that was received again',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '0' });
      await bench.send(QueueUrl, 'x');
      const older = handleOf(await bench.receiveOne(QueueUrl));
      await bench.receiveOne(QueueUrl);
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: older }));
      expect(await bench.receive(QueueUrl)).toHaveLength(1);
    },
  },
  {
    title: 'the newest receipt handle of a standard queue deletes after its timeout too',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '0' });
      await bench.send(QueueUrl, 'x');
      const ReceiptHandle = handleOf(await bench.receiveOne(QueueUrl));
      await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
];
