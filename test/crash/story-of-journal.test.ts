import type { Task } from '@aws-sdk/client-ecs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../src/aws/run-item.ts';
import type { FlowRun } from '../../src/core/run.ts';
import type { RecordedCall } from '../../src/local/faults.ts';
import { queuedRun } from '../fakes/runs.ts';
import { checkStory } from '../simulation/check-story.ts';
import { finished, launching } from '../simulation/invariants/story-of.ts';
import { type Journal, storyOfJournal } from './story-of-journal.ts';

const EMPTY: Journal = { sent: [], calls: [], tasks: [], notes: [] };
const MESSAGE = { messageId: '5f2d8a1c-0000-4000-8000-000000000000', body: '{"flow":"hello","runId":"run-1"}' };
const HANDLE = Buffer.from(`1 1 ${MESSAGE.messageId} queue`).toString('base64');

function call(operation: string, input: unknown, place: number): RecordedCall {
  return { operation, input, caller: 'AGENT000001', at: place, arrived: place, executed: place };
}

function put(run: FlowRun, place: number): RecordedCall {
  const Item = marshall(toItem(run, 'nonce'), { removeUndefinedValues: true });
  return call('dynamodb.PutItem', { TableName: 'slipway', Item }, place);
}

function inTransaction(run: FlowRun, place: number): RecordedCall {
  const [{ input }] = [put(run, place)];
  return call('dynamodb.TransactWriteItems', { TransactItems: [{ Put: input }] }, place);
}

function task(taskArn: string, over: Partial<Task> = {}): Task {
  const at = new Date(1);
  return { taskArn, startedBy: 'slipway/run-1/1', lastStatus: 'STOPPED', createdAt: at, stoppedAt: at, ...over };
}

function brokenBy(journal: Partial<Journal>): ReadonlySet<string> {
  return new Set(checkStory(storyOfJournal({ ...EMPTY, ...journal })).map(({ invariant }) => invariant));
}

describe('what real processes have done is judged like a simulated world', () => {
  it('finds nothing wrong with a message that is on record before it is deleted', () => {
    const calls = [put(queuedRun(), 1), call('sqs.DeleteMessageBatch', { Entries: [{ ReceiptHandle: HANDLE }] }, 2)];
    expect(brokenBy({ sent: [MESSAGE], calls })).not.toContain('I5');
  });

  it('sees a message that was deleted too early, and one that was lost', () => {
    const calls = [call('sqs.DeleteMessageBatch', { Entries: [{ ReceiptHandle: HANDLE }] }, 1), put(queuedRun(), 2)];
    expect(brokenBy({ sent: [MESSAGE], calls })).toContain('I5');
    expect(brokenBy({ sent: [MESSAGE] })).toContain('I4');
  });

  it('sees two tasks of an attempt, and one that still runs', () => {
    expect(brokenBy({ tasks: [task('a'), task('b')] })).toContain('I1');
    expect(brokenBy({ tasks: [task('a', { lastStatus: 'RUNNING' })] })).toContain('I8');
  });

  it('sees user code that began twice, and a success that was none', () => {
    const notes = ['begin worker run-1 1 10', 'end worker run-1 1 20', 'begin worker run-1 1 30'];
    const calls = [put(queuedRun(), 1)];
    expect(brokenBy({ calls, tasks: [task('a')], notes })).toContain('I2');
    expect(brokenBy({ calls: [put(finished('SUCCEEDED', { version: 1 }), 1)] })).toContain('I6');
  });

  it('sees a request that was not on record, and one that was, also by a transaction', () => {
    const run = launching('token', { version: 2 });
    if (run.status !== 'LAUNCHING') throw new Error('it is not launching');
    const sent = call('ecs.RunTask', { ...run.intent.request }, 2);
    expect(brokenBy({ calls: [sent] })).toContain('I10');
    expect(brokenBy({ calls: [put(run, 1), sent] })).not.toContain('I10');
    expect(brokenBy({ calls: [inTransaction(run, 1), sent] })).not.toContain('I10');
  });

  it('sees a write to a run that has ended, and leaves out writes that were refused', () => {
    const calls = [put(finished('FAILED', { version: 1 }), 1), put(finished('CRASHED', { version: 2 }), 2)];
    expect(brokenBy({ calls })).toContain('I3');
    const { executed: _, ...refused } = put(finished('CRASHED', { version: 2 }), 2);
    expect(brokenBy({ calls: [put(finished('FAILED', { version: 1 }), 1), refused] })).not.toContain('I3');
  });
});
