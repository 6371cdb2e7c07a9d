import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueMessage, RequestQueue } from '../core/request-queue.ts';
import { findDeadLetterQueue } from './dead-letter-queue.ts';
import { identityOfBuried, identityOfRequest, isFifo } from './fifo-identity.ts';

/** The most that one call takes (API ReceiveMessage, DeleteMessageBatch). */
const MAX_BATCH = 10;

/** One SQS queue of run requests, standard or FIFO. */
export class SqsRequestQueue implements RequestQueue {
  readonly url: string;
  readonly #sqs: SQSClient;
  #deadLetterUrl: Promise<string | undefined> | undefined;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.url = url;
  }

  async receive(max: number, waitSeconds: number, stop: AbortSignal): Promise<readonly QueueMessage[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: Math.min(max, MAX_BATCH),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'SenderId', 'MessageGroupId'],
      }),
      { abortSignal: stop },
    );
    return Messages.flatMap(toQueueMessage);
  }

  async remove(messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]> {
    if (messages.length === 0) return [];
    const { Failed = [] } = await this.#sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.url,
        Entries: messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
      }),
    );
    return Failed.flatMap(({ Id }) => messages[Number(Id)] ?? []);
  }

  /** A message that cannot be given back comes back by itself when its visibility timeout ends. */
  async release(messages: readonly QueueMessage[], afterSeconds = 0): Promise<void> {
    if (messages.length === 0) return;
    await this.#sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.url,
        Entries: messages.map(({ receipt }, index) => ({
          Id: String(index),
          ReceiptHandle: receipt,
          VisibilityTimeout: afterSeconds,
        })),
      }),
    );
  }

  async bury(message: QueueMessage, why: string): Promise<boolean> {
    const url = await this.#deadLetterQueue();
    if (url === undefined) return false;
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: message.body,
        ...(isFifo(url) ? identityOfBuried(message) : {}),
        MessageAttributes: {
          slipwayReason: { DataType: 'String', StringValue: attributeText(why) },
          slipwayMessageId: { DataType: 'String', StringValue: message.messageId },
        },
      }),
    );
    return true;
  }

  async send(body: string): Promise<string> {
    const identity = isFifo(this.url) ? identityOfRequest(body) : {};
    const { MessageId } = await this.#sqs.send(
      new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, ...identity }),
    );
    if (MessageId === undefined) throw new Error(`SQS took a message of ${this.url} without giving it an id`);
    return MessageId;
  }

  /** Looked up once; a failed look-up is tried again at the next need. */
  #deadLetterQueue(): Promise<string | undefined> {
    this.#deadLetterUrl ??= findDeadLetterQueue(this.#sqs, this.url)
      .then((found) => found?.url)
      .catch((error: unknown) => {
        this.#deadLetterUrl = undefined;
        throw error;
      });
    return this.#deadLetterUrl;
  }
}

function toQueueMessage({ MessageId, Body, ReceiptHandle, Attributes = {} }: Message): QueueMessage[] {
  if (MessageId === undefined || ReceiptHandle === undefined) return [];
  const { SenderId, ApproximateReceiveCount, SentTimestamp, MessageGroupId } = Attributes;
  return [
    {
      messageId: MessageId,
      body: Body ?? '',
      receipt: ReceiptHandle,
      receiveCount: Number(ApproximateReceiveCount ?? 1),
      sentAt: Number(SentTimestamp ?? 0),
      ...(SenderId === undefined ? {} : { senderId: SenderId }),
      ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
    },
  ];
}

/** An attribute's value counts against the 1 MiB of its message, and takes no control characters. */
function attributeText(why: string): string {
  const printable = why.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '?').slice(0, 1024);
  return printable === '' ? '-' : printable;
}
