import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Process } from '../process.ts';
import type { Surroundings } from '../surroundings.ts';
import { atOnce, type Call } from '../wire.ts';
import type { Delivered, QueueService } from './queue-service.ts';

export const REQUESTS_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/runs';
export const EVENTS_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/events';
const DEAD_LETTER_URL = `${REQUESTS_URL}-dlq`;
const REDRIVE_POLICY = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:runs-dlq","maxReceiveCount":20}';

/** Longer than a long poll waits, as `src/aws/create-sqs-client.ts` has it. */
const RECEIVE_TIMEOUT_MS = 30_000;

/** What a process holds of SQS: the commands that `SqsRequestQueue` sends, carried out by the queues. */
export function sqsClient({ wire, requests, events }: Surroundings, process: Process): SQSClient {
  const send = (command: object, options: { abortSignal?: AbortSignal } = {}): Promise<object> => {
    const queue = urlIn(command) === EVENTS_URL ? events : requests;
    return wire.send(process, { service: 'sqs', stop: options.abortSignal, ...callOf(command, queue) });
  };
  return Object.assign(Object.create(SQSClient.prototype), { send });
}

function urlIn(command: object): unknown {
  const input: unknown = Reflect.get(command, 'input');
  return typeof input === 'object' && input !== null ? Reflect.get(input, 'QueueUrl') : undefined;
}

type Carried = Omit<Call<object>, 'service' | 'stop'>;

function callOf(command: object, queue: QueueService): Carried {
  if (command instanceof ReceiveMessageCommand) return receive(command, queue);
  if (command instanceof DeleteMessageBatchCommand)
    return { name: 'Delete', execute: atOnce(() => remove(command, queue)) };
  if (command instanceof ChangeMessageVisibilityBatchCommand) {
    return { name: 'ChangeVisibility', execute: atOnce(() => release(command, queue)) };
  }
  if (command instanceof GetQueueAttributesCommand) {
    return { name: 'GetAttributes', execute: atOnce(() => ({ Attributes: { RedrivePolicy: REDRIVE_POLICY } })) };
  }
  if (command instanceof GetQueueUrlCommand) {
    return { name: 'GetUrl', execute: atOnce(() => ({ QueueUrl: DEAD_LETTER_URL })) };
  }
  if (command instanceof SendMessageCommand) return send(command, queue);
  throw new Error(`the simulated SQS does not know ${command.constructor.name}`);
}

function receive({ input }: ReceiveMessageCommand, queue: QueueService): Carried {
  const { MaxNumberOfMessages: max = 1, WaitTimeSeconds: waitSeconds = 0 } = input;
  return {
    name: 'Receive',
    timeoutMs: RECEIVE_TIMEOUT_MS,
    execute: (reply) =>
      queue.receive(max, waitSeconds * 1000, (answer) =>
        reply(answer.ok ? { ok: true, value: { Messages: answer.value.map(toMessage) } } : answer),
      ),
  };
}

function toMessage({ messageId, body, receipt, receiveCount, sentAt }: Delivered): object {
  const Attributes = { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAt) };
  return { MessageId: messageId, Body: body, ReceiptHandle: receipt, Attributes };
}

function remove({ input }: DeleteMessageBatchCommand, queue: QueueService): object {
  const entries = input.Entries ?? [];
  return { Failed: entries.filter(({ ReceiptHandle = '' }) => !queue.remove(ReceiptHandle)).map(({ Id }) => ({ Id })) };
}

function release({ input }: ChangeMessageVisibilityBatchCommand, queue: QueueService): object {
  for (const { ReceiptHandle = '', VisibilityTimeout = 0 } of input.Entries ?? []) {
    queue.release(ReceiptHandle, VisibilityTimeout * 1000);
  }
  return {};
}

/** A copy on the dead-letter queue is for people to read: it only needs to be taken. */
function send({ input }: SendMessageCommand, queue: QueueService): Carried {
  const isDeadLetter = input.QueueUrl === DEAD_LETTER_URL;
  return {
    name: 'Send',
    execute: atOnce(() => ({ MessageId: isDeadLetter ? 'dead-letter' : queue.send(input.MessageBody ?? '') })),
  };
}
