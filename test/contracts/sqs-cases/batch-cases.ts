import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  SendMessageBatchCommand,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { bodiesOf, handleOf, type SqsBench, type SqsCase } from './sqs-bench.ts';

function sendBatch({ client }: SqsBench, QueueUrl: string, bodies: readonly string[], id = (n: number) => `id-${n}`) {
  const Entries = bodies.map((MessageBody, n) => ({ Id: id(n), MessageBody }));
  return client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}

const ELEVEN = Array.from({ length: 11 }, (_, n) => `body ${n}`);

export const batchCases: readonly SqsCase[] = [
  {
    title: 'ten messages go in one batch, each answered by its entry id',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const { Successful = [], Failed } = await sendBatch(bench, QueueUrl, ELEVEN.slice(0, 10));
      expect(Successful.map(({ Id }) => Id)).toEqual(ELEVEN.slice(0, 10).map((_, n) => `id-${n}`));
      expect(Failed ?? []).toEqual([]);
      expect(await bench.receive(QueueUrl)).toHaveLength(10);
    },
  },
  {
    title: 'eleven entries are TooManyEntriesInBatchRequest',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(sendBatch(bench, QueueUrl, ELEVEN)).rejects.toBeInstanceOf(TooManyEntriesInBatchRequest);
    },
  },
  {
    title: 'a batch without entries is EmptyBatchRequest',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(sendBatch(bench, QueueUrl, [])).rejects.toBeInstanceOf(EmptyBatchRequest);
    },
  },
  {
    title: 'two entries with one id are BatchEntryIdsNotDistinct',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(sendBatch(bench, QueueUrl, ['a', 'b'], () => 'same')).rejects.toBeInstanceOf(
        BatchEntryIdsNotDistinct,
      );
    },
  },
  {
    title: 'an entry id with another character than letters, digits, - and _ is InvalidBatchEntryId',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(sendBatch(bench, QueueUrl, ['a'], () => 'a:b')).rejects.toBeInstanceOf(InvalidBatchEntryId);
    },
  },
  {
    title: 'messages of more than 1 MiB together are BatchRequestTooLong',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const half = 'k'.repeat(600_000);
      await expect(sendBatch(bench, QueueUrl, [half, half])).rejects.toBeInstanceOf(BatchRequestTooLong);
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
  {
    title: 'a message that is refused fails alone, and the others of the batch are sent',
    async run(bench) {
      const QueueUrl = await bench.queue({ MaximumMessageSize: '1024' });
      const { Successful, Failed } = await sendBatch(bench, QueueUrl, ['fine', 'k'.repeat(1025)]);
      expect(Successful?.map(({ Id }) => Id)).toEqual(['id-0']);
      expect(Failed).toMatchObject([{ Id: 'id-1', SenderFault: true, Code: 'InvalidParameterValue' }]);
      expect(bodiesOf(await bench.receive(QueueUrl))).toEqual(['fine']);
    },
  },
  {
    title: 'messages are deleted in a batch, and a bogus handle fails alone',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '0' });
      await sendBatch(bench, QueueUrl, ['a', 'b']);
      const handles = (await bench.receive(QueueUrl)).map(handleOf);
      const Entries = [...handles, 'bogus'].map((ReceiptHandle, n) => ({ Id: `id-${n}`, ReceiptHandle }));
      const { Successful, Failed } = await bench.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      expect(Successful?.map(({ Id }) => Id)).toEqual(['id-0', 'id-1']);
      expect(Failed).toMatchObject([{ Id: 'id-2', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
  {
    title: 'visibility timeouts are changed in a batch, and a bogus handle fails alone',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await sendBatch(bench, QueueUrl, ['a', 'b']);
      const handles = (await bench.receive(QueueUrl)).map(handleOf);
      const Entries = [...handles, 'bogus'].map((ReceiptHandle, n) => ({
        Id: `id-${n}`,
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      const answer = await bench.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      expect(answer.Successful).toHaveLength(2);
      expect(answer.Failed).toMatchObject([{ Id: 'id-2', SenderFault: true }]);
      expect(await bench.receive(QueueUrl)).toHaveLength(2);
    },
  },
];
