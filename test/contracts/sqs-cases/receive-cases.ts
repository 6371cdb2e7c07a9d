import { setTimeout as delay } from 'node:timers/promises';
import { ReceiveMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { SqsCase } from './sqs-bench.ts';

export const receiveCases: readonly SqsCase[] = [
  {
    title: 'system attributes that were not asked for are absent',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      expect((await bench.receiveOne(QueueUrl)).Attributes).toBeUndefined();
    },
  },
  {
    title: 'system attributes tell sender, times and the number of receives',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '0' });
      await bench.send(QueueUrl, 'x');
      await bench.receiveOne(QueueUrl);
      const { Attributes } = await bench.receiveOne(QueueUrl, { MessageSystemAttributeNames: ['All'] });
      expect(Attributes).toMatchObject({ ApproximateReceiveCount: '2', SenderId: expect.any(String) });
      const { SentTimestamp, ApproximateFirstReceiveTimestamp } = Attributes ?? {};
      expect(Number(SentTimestamp)).toBeGreaterThan(1_600_000_000_000);
      expect(Number(ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(Number(SentTimestamp));
      expect(Attributes).not.toHaveProperty('SequenceNumber');
    },
  },
  {
    title: 'system attributes can be asked for by the older member of the request',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      const { Attributes } = await bench.receiveOne(QueueUrl, { AttributeNames: ['All'] });
      expect(Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) });
    },
  },
  {
    title: 'a receive gives up to the number of messages that it asks for',
    async run(bench) {
      const QueueUrl = await bench.queue();
      for (let n = 0; n < 7; n += 1) await bench.send(QueueUrl, String(n));
      expect(await bench.receive(QueueUrl, { MaxNumberOfMessages: 3 })).toHaveLength(3);
      expect(await bench.receive(QueueUrl, { MaxNumberOfMessages: 10 })).toHaveLength(4);
    },
  },
  {
    title: 'more than ten messages at once cannot be asked for',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.receive(QueueUrl, { MaxNumberOfMessages: 11 })).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a wait of more than twenty seconds cannot be asked for',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.receive(QueueUrl, { WaitTimeSeconds: 21 })).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a long poll ends at once when a message is sent',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const startedAt = Date.now();
      const polling = bench.receive(QueueUrl, { WaitTimeSeconds: 20 });
      await delay(200);
      await bench.send(QueueUrl, 'x');
      expect(await polling).toHaveLength(1);
      expect(Date.now() - startedAt).toBeLessThan(15_000);
    },
  },
  {
    title: 'each of two long polls gets a message of its own',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const polling = Promise.all([
        bench.receive(QueueUrl, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }),
        bench.receive(QueueUrl, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }),
      ]);
      await delay(100);
      await bench.send(QueueUrl, 'a');
      await bench.send(QueueUrl, 'b');
      const bodies = (await polling).flat().map(({ Body }) => Body);
      expect(bodies.sort()).toEqual(['a', 'b']);
    },
  },
  {
    title: 'a long poll without a message ends empty when its time is over',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const startedAt = Date.now();
      expect(await bench.receive(QueueUrl, { WaitTimeSeconds: 1 })).toEqual([]);
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
    },
  },
  {
    title: 'a queue can make every receive a long poll',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const Attributes = { ReceiveMessageWaitTimeSeconds: '1' };
      await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      const startedAt = Date.now();
      await bench.client.send(new ReceiveMessageCommand({ QueueUrl }));
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
    },
  },
  {
    title: 'a long poll that its client gave up swallows no message',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const giveUp = new AbortController();
      const input = { QueueUrl, WaitTimeSeconds: 20 };
      const polling = bench.client.send(new ReceiveMessageCommand(input), { abortSignal: giveUp.signal });
      await delay(300);
      giveUp.abort();
      await expect(polling).rejects.toMatchObject({ name: 'AbortError' });
      await delay(200);
      await bench.send(QueueUrl, 'x');
      expect(await bench.receive(QueueUrl, { WaitTimeSeconds: 2 })).toHaveLength(1);
    },
  },
  {
    title: 'a long poll gets a message whose visibility timeout ends meanwhile',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'x');
      await bench.receiveOne(QueueUrl, { VisibilityTimeout: 1 });
      expect((await bench.receiveOne(QueueUrl, { WaitTimeSeconds: 10 })).Body).toBe('x');
    },
  },
];
