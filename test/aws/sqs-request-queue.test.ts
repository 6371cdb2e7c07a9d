import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { SqsRequestQueue } from '../../src/aws/sqs-request-queue.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

const stop = new AbortController().signal;
let aws: LocalAws;
let sqs: SQSClient;

beforeAll(async () => {
  aws = await startLocalAws();
  sqs = createSqsClient({ region: 'us-east-1', endpoint: aws.url });
});
afterAll(() => aws.stop());

async function createQueue(name: string, deadLetterQueue?: string): Promise<string> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const policy = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:${deadLetterQueue}","maxReceiveCount":20}`;
  const Attributes = { ...fifo, ...(deadLetterQueue === undefined ? {} : { RedrivePolicy: policy }) };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl ?? '';
}

async function depth(url: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

describe('an SQS queue of run requests', () => {
  it('gives a message with its id, sender and receive count, and takes it off when told', async () => {
    const queue = new SqsRequestQueue(sqs, await createQueue('requests'));
    const messageId = await queue.send('{"flow":"hello"}');
    const messages = await queue.receive(10, 1, stop);
    expect(messages).toMatchObject([
      { messageId, body: '{"flow":"hello"}', receiveCount: 1, senderId: expect.any(String) },
    ]);
    expect(await queue.remove(messages)).toEqual([]);
    expect(await depth(queue.url)).toBe(0);
  });

  it('gives back what is released, at once', async () => {
    const queue = new SqsRequestQueue(sqs, await createQueue('released'));
    await queue.send('a');
    await queue.release(await queue.receive(10, 1, stop));
    expect(await queue.receive(10, 1, stop)).toMatchObject([{ body: 'a', receiveCount: 2 }]);
  });

  it('says which messages are still on the queue', async () => {
    const queue = new SqsRequestQueue(sqs, await createQueue('undeleted'));
    await queue.send('a');
    const [message] = await queue.receive(10, 1, stop);
    if (!message) throw new Error('no message');
    const bogus = { ...message, receipt: 'bogus' };
    expect(await queue.remove([message, bogus])).toEqual([bogus]);
  });

  it('buries a message on its dead-letter queue, with the reason', async () => {
    const dead = await createQueue('orders-dlq');
    const queue = new SqsRequestQueue(sqs, await createQueue('orders', 'orders-dlq'));
    await queue.send('nonsense');
    const [message] = await queue.receive(10, 1, stop);
    if (!message) throw new Error('no message');
    expect(await queue.bury(message, 'the body is not JSON')).toBe(true);
    expect(await depth(dead)).toBe(1);
  });

  it('says so when there is no dead-letter queue', async () => {
    const queue = new SqsRequestQueue(sqs, await createQueue('without-dlq'));
    await queue.send('nonsense');
    const [message] = await queue.receive(10, 1, stop);
    if (!message) throw new Error('no message');
    expect(await queue.bury(message, 'why')).toBe(false);
  });
});

describe('a FIFO queue of run requests', () => {
  const first = '{"flow":"hello","runId":"one"}';

  it('takes requests, grouped by their flow, and the same request once', async () => {
    const queue = new SqsRequestQueue(sqs, await createQueue('ordered.fifo'));
    expect(await queue.send(first)).toBe(await queue.send(first));
    await queue.send('{"flow":"hello","runId":"two"}');
    await queue.send('{"flow":"with a space, and an umlaut: \u00e4","runId":"three"}');
    await queue.send('no JSON');
    expect(await depth(queue.url)).toBe(4);
    const messages = await queue.receive(10, 1, stop);
    const groups = new Map(messages.map(({ body, group }) => [body, group]));
    expect(groups.get(first)).toBe('hello');
    expect(groups.get('{"flow":"hello","runId":"two"}')).toBe('hello');
    expect(new Set(groups.values()).size).toBe(3);
  });

  it('buries a message once on its dead-letter queue, which is FIFO too, in the group that it came with', async () => {
    const dead = new SqsRequestQueue(sqs, await createQueue('strict-dlq.fifo'));
    const queue = new SqsRequestQueue(sqs, await createQueue('strict.fifo', 'strict-dlq.fifo'));
    await queue.send('{"flow":"hello","unknown":1}');
    const [message] = await queue.receive(10, 1, stop);
    if (!message) throw new Error('no message');
    expect(await queue.bury(message, 'why')).toBe(true);
    expect(await queue.bury(message, 'why, once more')).toBe(true);
    expect(await depth(dead.url)).toBe(1);
    expect(await dead.receive(10, 1, stop)).toMatchObject([{ body: message.body, group: message.group }]);
  });

  it('buries a message that came in no group', async () => {
    const dead = await createQueue('groupless-dlq.fifo');
    const queue = new SqsRequestQueue(sqs, await createQueue('groupless.fifo', 'groupless-dlq.fifo'));
    const message = { messageId: 'm1', body: 'nonsense', receipt: 'r', receiveCount: 1, sentAt: 0 };
    expect(await queue.bury(message, 'why')).toBe(true);
    expect(await depth(dead)).toBe(1);
  });
});
