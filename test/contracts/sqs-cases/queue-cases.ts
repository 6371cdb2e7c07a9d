import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  QueueNameExists,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { newName, type SqsCase } from './sqs-bench.ts';

export const queueCases: readonly SqsCase[] = [
  {
    title: 'a queue is found by its name, at the endpoint by which the client came',
    async run({ client, endpoint }) {
      const QueueName = newName();
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName }));
      expect(QueueUrl.startsWith(`${endpoint}/`)).toBe(true);
      expect(QueueUrl.endsWith(`/${QueueName}`)).toBe(true);
      expect((await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
    },
  },
  {
    title: 'creating a queue again with the same attributes gives the queue that exists',
    async run({ client }) {
      const input = { QueueName: newName(), Attributes: { VisibilityTimeout: '7' } };
      const first = await client.send(new CreateQueueCommand(input));
      const second = await client.send(new CreateQueueCommand(input));
      expect(second.QueueUrl).toBe(first.QueueUrl);
    },
  },
  {
    title: 'creating a queue again with another attribute is QueueNameExists',
    async run({ client }) {
      const QueueName = newName();
      await client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '7' } }));
      const again = client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '8' } }));
      await expect(again).rejects.toBeInstanceOf(QueueNameExists);
    },
  },
  {
    title: 'a queue name with a character that is not allowed is refused',
    async run({ client }) {
      await expect(client.send(new CreateQueueCommand({ QueueName: 'a b' }))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a visibility timeout beyond twelve hours is refused as an attribute',
    async run({ client }) {
      const input = { QueueName: newName(), Attributes: { VisibilityTimeout: '43201' } };
      await expect(client.send(new CreateQueueCommand(input))).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
    },
  },
  {
    title: 'queues are listed by prefix, page by page',
    async run({ client }) {
      const prefix = newName();
      for (const n of [1, 2, 3]) await client.send(new CreateQueueCommand({ QueueName: `${prefix}-${n}` }));
      const listed: string[] = [];
      let NextToken: string | undefined;
      do {
        const input = { QueueNamePrefix: prefix, MaxResults: 2, ...(NextToken ? { NextToken } : {}) };
        const page = await client.send(new ListQueuesCommand(input));
        expect(page.QueueUrls?.length).toBeLessThanOrEqual(2);
        listed.push(...(page.QueueUrls ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(listed.map((url) => url.slice(-1)).sort()).toEqual(['1', '2', '3']);
    },
  },
  {
    title: 'a queue that does not exist is QueueDoesNotExist, with the code of the query protocol',
    async run({ client }) {
      const call = client.send(new GetQueueUrlCommand({ QueueName: newName() }));
      await expect(call).rejects.toBeInstanceOf(QueueDoesNotExist);
      await expect(call).rejects.toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue' });
    },
  },
  {
    title: 'a deleted queue is gone',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.client.send(new DeleteQueueCommand({ QueueUrl }));
      await expect(bench.send(QueueUrl, 'x')).rejects.toBeInstanceOf(QueueDoesNotExist);
    },
  },
  {
    title: 'a queue has the attributes it was made with, defaults, and an ARN',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '7', DelaySeconds: '1' });
      const { Attributes } = await bench.client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      expect(Attributes).toMatchObject({
        VisibilityTimeout: '7',
        DelaySeconds: '1',
        MessageRetentionPeriod: '345600',
        ReceiveMessageWaitTimeSeconds: '0',
      });
      const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
      expect(Attributes?.QueueArn).toMatch(new RegExp(`^arn:aws:sqs:us-east-1:\\d{12}:${name}$`));
    },
  },
  {
    title: 'a queue takes messages of 1 MiB by default',
    async run(bench) {
      expect(await bench.attribute(await bench.queue(), 'MaximumMessageSize')).toBe('1048576');
    },
  },
  {
    title: 'attributes can be changed, and only those that are named change',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '7' });
      await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '2' } }));
      expect(await bench.attribute(QueueUrl, 'DelaySeconds')).toBe('2');
      expect(await bench.attribute(QueueUrl, 'VisibilityTimeout')).toBe('7');
    },
  },
  {
    title: 'an attribute that SQS does not have is InvalidAttributeName',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const call = bench.client.send(
        new SetQueueAttributesCommand({ QueueUrl, Attributes: { Colour: 'red' } as never }),
      );
      await expect(call).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    },
  },
  {
    title: 'tags can be added, listed and taken away',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.client.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'data', stage: 'test' } }));
      await bench.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['stage'] }));
      const { Tags } = await bench.client.send(new ListQueueTagsCommand({ QueueUrl }));
      expect(Tags).toEqual({ team: 'data' });
    },
  },
  {
    title: 'a purge removes what waits and what is in flight',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '1' });
      await bench.send(QueueUrl, 'in flight');
      await bench.receiveOne(QueueUrl);
      await bench.send(QueueUrl, 'waiting');
      await bench.client.send(new PurgeQueueCommand({ QueueUrl }));
      expect(await bench.receive(QueueUrl, { WaitTimeSeconds: 2 })).toEqual([]);
    },
  },
  {
    title: 'a queue counts what waits, what is in flight and what is delayed',
    async run(bench) {
      const QueueUrl = await bench.queue();
      for (const body of ['a', 'b', 'c']) await bench.send(QueueUrl, body);
      await bench.send(QueueUrl, 'later', { DelaySeconds: 900 });
      await bench.receiveOne(QueueUrl);
      expect(await bench.attribute(QueueUrl, 'ApproximateNumberOfMessages')).toBe('2');
      expect(await bench.attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible')).toBe('1');
      expect(await bench.attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed')).toBe('1');
    },
  },
];
