import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/local/journal.ts';
import type { JsonCall } from '../../../src/local/service.ts';
import { createQueue } from '../../../src/local/sqs/manage-queues.ts';
import { applySqsChange, emptySqsState, type SqsState, snapshotOfSqs } from '../../../src/local/sqs/queue-changes.ts';
import { receiveMessage } from '../../../src/local/sqs/receive-messages.ts';
import { sendMessage } from '../../../src/local/sqs/send-messages.ts';
import { deleteMessage } from '../../../src/local/sqs/settle-messages.ts';
import { SqsAccount } from '../../../src/local/sqs/sqs-account.ts';
import { SteeredClock } from '../steered-clock.ts';

function openAccount() {
  const clock = new SteeredClock();
  const journal = new Journal({
    path: undefined,
    empty: emptySqsState,
    apply: applySqsChange,
    snapshot: snapshotOfSqs,
  });
  return { clock, account: new SqsAccount({ journal, clock, region: 'us-east-1', accountId: '000000000000' }) };
}

function call(operation: string, input: Record<string, unknown>): JsonCall {
  return { operation, input, gone: new AbortController().signal, endpoint: 'http://localhost', caller: 'test' };
}

/** A state as it is read again from the lines of its snapshot. */
function reread(state: SqsState): SqsState {
  const copy = emptySqsState();
  for (const change of snapshotOfSqs(state)) applySqsChange(copy, JSON.parse(JSON.stringify(change)));
  return copy;
}

describe('the snapshot of the queues', () => {
  it('makes the same state again: waiting, delayed, in flight, locked groups, deduplication', async () => {
    const { clock, account } = openAccount();
    const QueueUrl = 'q.fifo';
    createQueue(account, call('CreateQueue', { QueueName: 'q', Attributes: { DelaySeconds: '0' } }));
    createQueue(account, call('CreateQueue', { QueueName: QueueUrl, Attributes: { FifoQueue: 'true' } }));
    for (const [group, body] of ['a1', 'a2', 'b1', 'c1'].map((text) => [text[0], text])) {
      const input = { QueueUrl, MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body };
      sendMessage(account, call('SendMessage', input));
    }
    for (const DelaySeconds of [0, 0, 600]) {
      sendMessage(account, call('SendMessage', { QueueUrl: 'q', MessageBody: 'x', DelaySeconds }));
    }
    await receiveMessage(account, call('ReceiveMessage', { QueueUrl: 'q' }));
    await receiveMessage(account, call('ReceiveMessage', { QueueUrl }));
    const { Messages } = await receiveMessage(account, call('ReceiveMessage', { QueueUrl }));
    const [received] = Array.isArray(Messages) ? Messages : [];
    deleteMessage(account, call('DeleteMessage', { QueueUrl, ReceiptHandle: received?.ReceiptHandle }));

    const copy = reread(account.state);
    const [fifo, standard] = [copy.queues.get(QueueUrl), copy.queues.get('q')];
    expect([standard?.order.size, standard?.inFlight, standard?.delayed]).toEqual([1, 1, 1]);
    expect([fifo?.order.size, fifo?.inFlight]).toEqual([2, 1]);
    expect(fifo?.order.first()?.body).toBe('c1');
    expect(fifo?.dedup.find('b1', clock.now())).toBeDefined();
    expect(fifo?.nextSeq).toBe(account.state.queues.get(QueueUrl)?.nextSeq);
    expect([...snapshotOfSqs(copy)]).toEqual([...snapshotOfSqs(account.state)]);
  });

  it('lets time go on: what was delayed and in flight becomes visible', async () => {
    const { clock, account } = openAccount();
    createQueue(account, call('CreateQueue', { QueueName: 'q', Attributes: { VisibilityTimeout: '30' } }));
    sendMessage(account, call('SendMessage', { QueueUrl: 'q', MessageBody: 'in flight' }));
    await receiveMessage(account, call('ReceiveMessage', { QueueUrl: 'q' }));
    sendMessage(account, call('SendMessage', { QueueUrl: 'q', MessageBody: 'delayed', DelaySeconds: 60 }));
    const queue = reread(account.state).queues.get('q');
    queue?.tick(clock.now() + 29_999);
    expect(queue?.order.size).toBe(0);
    queue?.tick(clock.now() + 60_000);
    expect(queue?.order.size).toBe(2);
  });
});
