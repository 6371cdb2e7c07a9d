import { join } from 'node:path';
import { Journal } from '../journal.ts';
import { type JsonCall, type JsonService, type LocalClock, unknownOperation } from '../service.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  purgeQueue,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './manage-queues.ts';
import { MoveTasks } from './move-tasks.ts';
import { applySqsChange, emptySqsState, snapshotOfSqs } from './queue-changes.ts';
import type { QueueSink } from './queue-sink.ts';
import { receiveMessage } from './receive-messages.ts';
import { sendMessage, sendMessageBatch, sendText } from './send-messages.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './settle-messages.ts';
import { SqsAccount } from './sqs-account.ts';

export interface SqsOptions {
  /** Undefined keeps nothing on disk. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

type Operation = (account: SqsAccount, call: JsonCall) => unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListQueueTags: listQueueTags,
  ListQueues: listQueues,
  PurgeQueue: purgeQueue,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  SetQueueAttributes: setQueueAttributes,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
};

/** Local SQS: standard and FIFO queues as the SQS API describes them, in memory with a journal on disk. */
export function createSqs(options: SqsOptions): JsonService & { readonly sink: QueueSink } {
  const journal = new Journal({
    path: options.stateDir === undefined ? undefined : join(options.stateDir, 'sqs.jsonl'),
    empty: emptySqsState,
    apply: applySqsChange,
    snapshot: snapshotOfSqs,
  });
  const account = new SqsAccount({ ...options, journal });
  const tasks = new MoveTasks(account);
  const operations: Readonly<Record<string, Operation>> = {
    ...OPERATIONS,
    CancelMessageMoveTask: (_, call) => tasks.cancel(call),
    ListMessageMoveTasks: (_, call) => tasks.list(call),
    StartMessageMoveTask: (_, call) => tasks.start(call),
  };
  return {
    name: 'sqs',
    targetPrefix: 'AmazonSQS',
    contentType: 'application/x-amz-json-1.0',
    call: async (call) => {
      const operation = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
      if (operation === undefined) throw unknownOperation('SQS', call.operation);
      return operation(account, call);
    },
    sink: { send: (queue, body) => sendText(account, account.queueNamed(nameOf(queue)), body) },
    close: async () => {
      tasks.close();
      account.polls.close();
      journal.close();
    },
  };
}

/** The name in a queue's URL or ARN. */
function nameOf(queue: string): string {
  return queue.slice(Math.max(queue.lastIndexOf('/'), queue.lastIndexOf(':')) + 1);
}
