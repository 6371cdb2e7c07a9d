import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A message as somebody looks at it without taking it. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly receiveCount: number;
  /** Why the agent has buried it, on a dead-letter queue. */
  readonly reason?: string;
}

/** The most that one receive brings (API ReceiveMessage). */
const BATCH = 10;

/** Meanwhile others do not get them, so that no message is shown twice. Seconds. */
const HIDDEN_SECONDS = 20;

/**
 * Some messages of a queue, given back at once. SQS knows no look without a receive: each counts towards the receives after
 * which a message goes to the dead-letter queue.
 */
export async function peekMessages(sqs: SQSClient, queueUrl: string, limit: number): Promise<readonly PeekedMessage[]> {
  const messages: Message[] = [];
  try {
    while (messages.length < limit) {
      const more = await receive(sqs, queueUrl, Math.min(BATCH, limit - messages.length));
      if (more.length === 0) break;
      messages.push(...more);
    }
  } finally {
    await giveBack(sqs, queueUrl, messages);
  }
  return messages.map(toPeeked);
}

async function receive(sqs: SQSClient, QueueUrl: string, max: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: max,
      VisibilityTimeout: HIDDEN_SECONDS,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      MessageAttributeNames: ['slipwayReason'],
    }),
  );
  return Messages;
}

async function giveBack(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let i = 0; i < messages.length; i += BATCH) {
    const Entries = messages
      .slice(i, i + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

function toPeeked({ MessageId = '', Body = '', Attributes = {}, MessageAttributes = {} }: Message): PeekedMessage {
  const reason = MessageAttributes.slipwayReason?.StringValue;
  return {
    messageId: MessageId,
    body: Body,
    sentAt: Number(Attributes.SentTimestamp ?? 0),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
    ...(reason === undefined ? {} : { reason }),
  };
}
