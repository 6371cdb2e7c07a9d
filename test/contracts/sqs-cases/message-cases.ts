import { InvalidMessageContents, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { SqsCase } from './sqs-bench.ts';

const ATTRIBUTES = {
  colour: { DataType: 'String', StringValue: 'red' },
  'size.width': { DataType: 'Number', StringValue: '3' },
  'size.height': { DataType: 'Number.int', StringValue: '4' },
};

export const messageCases: readonly SqsCase[] = [
  {
    title: 'a body comes out as it went in, whatever its letters',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const body = '{"text":"grün \u{1f600} <&> 漢字\\n\t"}';
      const sent = await bench.send(QueueUrl, body);
      const message = await bench.receiveOne(QueueUrl);
      expect(message).toMatchObject({ Body: body, MessageId: sent.MessageId, MD5OfBody: sent.MD5OfMessageBody });
    },
  },
  {
    title: 'the digest of message attributes is the one that AWS computes',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const sent = await bench.send(QueueUrl, 'msg', {
        MessageAttributes: { Foo: { DataType: 'String', StringValue: 'Bar' } },
      });
      expect(sent.MD5OfMessageAttributes).toBe('ae7155c6026991b6d54b11589678bf9c');
    },
  },
  {
    title: 'message attributes come by name, by prefix or all, and only when asked for',
    async run(bench) {
      const QueueUrl = await bench.queue({ VisibilityTimeout: '0' });
      await bench.send(QueueUrl, 'x', { MessageAttributes: ATTRIBUTES });
      const named = await bench.receiveOne(QueueUrl, { MessageAttributeNames: ['colour'] });
      expect(named.MessageAttributes).toMatchObject({ colour: { StringValue: 'red' } });
      expect(Object.keys(named.MessageAttributes ?? {})).toEqual(['colour']);
      const prefixed = await bench.receiveOne(QueueUrl, { MessageAttributeNames: ['size.*'] });
      expect(Object.keys(prefixed.MessageAttributes ?? {}).sort()).toEqual(['size.height', 'size.width']);
      const all = await bench.receiveOne(QueueUrl, { MessageAttributeNames: ['All'] });
      expect(Object.keys(all.MessageAttributes ?? {})).toHaveLength(3);
      const none = await bench.receiveOne(QueueUrl);
      expect(none.MessageAttributes).toBeUndefined();
      expect(none.MD5OfMessageAttributes).toBeUndefined();
    },
  },
  {
    title: 'a binary message attribute keeps its bytes',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const BinaryValue = new Uint8Array([0, 255, 10, 13]);
      await bench.send(QueueUrl, 'x', { MessageAttributes: { raw: { DataType: 'Binary', BinaryValue } } });
      const message = await bench.receiveOne(QueueUrl, { MessageAttributeNames: ['raw'] });
      expect(Buffer.from(message.MessageAttributes?.raw?.BinaryValue ?? [])).toEqual(Buffer.from(BinaryValue));
    },
  },
  {
    title: 'a message attribute without a value is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const MessageAttributes = { empty: { DataType: 'String', StringValue: '' } };
      await expect(bench.send(QueueUrl, 'x', { MessageAttributes })).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a body of 600 KB goes through',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const body = 'k'.repeat(600_000);
      await bench.send(QueueUrl, body);
      expect((await bench.receiveOne(QueueUrl)).Body).toBe(body);
    },
  },
  {
    title: 'a message of more than 1 MiB is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.send(QueueUrl, 'k'.repeat(1_048_577))).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a queue with a smaller maximum refuses larger messages, attributes counted',
    async run(bench) {
      const QueueUrl = await bench.queue();
      const Attributes = { MaximumMessageSize: '1024' };
      await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      await bench.send(QueueUrl, 'k'.repeat(1000));
      await expect(
        bench.send(QueueUrl, 'k'.repeat(1000), {
          MessageAttributes: { note: { DataType: 'String', StringValue: 'k'.repeat(30) } },
        }),
      ).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    },
  },
  {
    title: 'a body with a character that SQS does not allow is InvalidMessageContents',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.send(QueueUrl, 'a\u0000b')).rejects.toBeInstanceOf(InvalidMessageContents);
    },
  },
  {
    title: 'an empty body is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.send(QueueUrl, '')).rejects.toMatchObject({ Code: 'MissingParameter' });
    },
  },
  {
    title: 'a delayed message comes only when its delay is over',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'later', { DelaySeconds: 1 });
      expect(await bench.receive(QueueUrl)).toEqual([]);
      expect((await bench.receiveOne(QueueUrl)).Body).toBe('later');
    },
  },
  {
    title: 'the delay of a queue holds for messages that name none',
    async run(bench) {
      const QueueUrl = await bench.queue({ DelaySeconds: '900' });
      await bench.send(QueueUrl, 'later');
      await bench.send(QueueUrl, 'now', { DelaySeconds: 0 });
      expect((await bench.receiveOne(QueueUrl)).Body).toBe('now');
      expect(await bench.receive(QueueUrl)).toEqual([]);
    },
  },
  {
    title: 'a delay of more than fifteen minutes is refused',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await expect(bench.send(QueueUrl, 'x', { DelaySeconds: 901 })).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    },
  },
  {
    title: 'a standard queue keeps the message group of a fair queue, and locks nothing by it',
    async run(bench) {
      const QueueUrl = await bench.queue();
      await bench.send(QueueUrl, 'a', { MessageGroupId: 'tenant' });
      await bench.send(QueueUrl, 'b', { MessageGroupId: 'tenant' });
      const wish = { MessageSystemAttributeNames: ['MessageGroupId'] as const };
      const first = await bench.receiveOne(QueueUrl, {
        MessageSystemAttributeNames: [...wish.MessageSystemAttributeNames],
      });
      expect(first.Attributes?.MessageGroupId).toBe('tenant');
      expect((await bench.receiveOne(QueueUrl)).MessageId).not.toBe(first.MessageId);
    },
  },
];
