import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newQueue, sqsClient, startAws, waitingMessages } from '../clients.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:told';

async function open() {
  const aws = await startAws();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sns = new SNSClient({ endpoint: aws.url, region: 'us-east-1', maxAttempts: 1, credentials });
  onTestFinished(() => sns.destroy());
  const sqs = sqsClient(aws.url);
  return { aws, sns, sqs, queueUrl: await newQueue(sqs, 'told') };
}

describe('local SNS', () => {
  it('gives the queues of a topic what is published to it, in the envelope that SNS has', async () => {
    const { aws, sns, sqs, queueUrl } = await open();
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'ends' }));
    expect(TopicArn).toBe('arn:aws:sns:us-east-1:000000000000:ends');
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN }));
    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: 'FAILED nightly',
        Message: 'a <b> & "c" ü',
        MessageAttributes: { flow: { DataType: 'String', StringValue: 'nightly' } },
      }),
    );
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
      {
        Type: 'Notification',
        MessageId,
        TopicArn,
        Subject: 'FAILED nightly',
        Message: 'a <b> & "c" ü',
        Timestamp: expect.any(String),
        MessageAttributes: { flow: { Type: 'String', Value: 'nightly' } },
      },
    ]);
    expect(aws.faults.counts().get('sns.Publish')).toBe(1);
  });

  it('delivers the message alone where the subscription wants it raw', async () => {
    const { sns, sqs, queueUrl } = await open();
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'raw' }));
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN, Attributes }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'alone' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(Messages).toMatchObject([{ Body: 'alone' }]);
  });

  it('drops what a FIFO topic has taken within five minutes', async () => {
    const { sns, sqs, queueUrl } = await open();
    const Attributes = { FifoTopic: 'true' };
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'ends.fifo', Attributes }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN }));
    const once = { TopicArn, Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const first = await sns.send(new PublishCommand(once));
    const again = await sns.send(new PublishCommand(once));
    expect(again.MessageId).toBe(first.MessageId);
    expect(await waitingMessages(sqs, queueUrl)).toBe(1);
  });

  it('refuses what SNS refuses, in its words', async () => {
    const { sns } = await open();
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:nobody';
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'm' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
    const { TopicArn: there } = await sns.send(new CreateTopicCommand({ Name: 'there' }));
    await expect(
      sns.send(new PublishCommand({ TopicArn: there, Message: 'm', Subject: 'two\nlines' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'Invalid parameter: Subject' });
    await expect(sns.send(new CreateTopicCommand({ Name: 'no name' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('lists topics, and deletes them', async () => {
    const { sns } = await open();
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'a' }));
    await sns.send(new CreateTopicCommand({ Name: 'a' }));
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
  });
});
