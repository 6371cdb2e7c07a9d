import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClientOptions, ContractCase } from '../contract-case.ts';

export type SqsCase = ContractCase<SqsBench>;

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** What the SQS cases work with: the real client, and queues that nobody else uses. */
export class SqsBench {
  readonly client: SQSClient;
  readonly endpoint: string;

  constructor(options: ClientOptions) {
    this.client = new SQSClient(options);
    this.endpoint = options.endpoint;
  }

  async queue(attributes: Attributes = {}): Promise<string> {
    const QueueName = newName(attributes.FifoQueue === 'true' ? '.fifo' : '');
    const { QueueUrl = '' } = await this.client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    return QueueUrl;
  }

  fifo(attributes: Attributes = {}): Promise<string> {
    return this.queue({ FifoQueue: 'true', ...attributes });
  }

  /** A queue whose messages go to the second one after `maxReceiveCount` receives. */
  async withDeadLetters(maxReceiveCount: number): Promise<{ source: string; dead: string; deadArn: string }> {
    const dead = await this.queue();
    const deadArn = await this.attribute(dead, 'QueueArn');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount });
    return { source: await this.queue({ RedrivePolicy, VisibilityTimeout: '0' }), dead, deadArn };
  }

  async attribute(QueueUrl: string, name: QueueAttributeName): Promise<string> {
    const { Attributes } = await this.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return Attributes?.[name] ?? '';
  }

  send(QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) {
    return this.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  }

  async receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, ...more };
    return (await this.client.send(new ReceiveMessageCommand(input))).Messages ?? [];
  }

  /** Receives the one message that must come within a few seconds. */
  async receiveOne(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message> {
    const [message] = await this.receive(QueueUrl, { WaitTimeSeconds: 10, MaxNumberOfMessages: 1, ...more });
    if (message === undefined) throw new Error('no message came');
    return message;
  }
}

export function newName(suffix = ''): string {
  return `contract-${randomUUID()}${suffix}`;
}

export function bodiesOf(messages: readonly Message[]): string[] {
  return messages.map(({ Body = '' }) => Body);
}

export function handleOf(message: Message): string {
  return message.ReceiptHandle ?? '';
}
