import { readFileSync } from 'node:fs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestReceiver } from '../../src/agent/receive-requests.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { SqsRequestQueue } from '../../src/aws/sqs-request-queue.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { derivedRunId } from '../../src/core/run-identity.ts';
import { type AcceptDeps, acceptMessage } from '../../src/runs/accept-message.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRequestQueue } from '../fakes/memory-request-queue.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { Stage } from '../whole/stage.ts';
import { bodyOf, type MessageCase } from './message-case.ts';
import { messageCorpus } from './message-corpus.ts';

const cases: readonly MessageCase[] = JSON.parse(
  readFileSync(new URL('../golden/messages/messages.json', import.meta.url), 'utf8'),
);

function depsOf(store: AcceptDeps['store']): AcceptDeps {
  return { store, files: new MemoryFileStore(), bucket: undefined, now: () => 1_800_000_000_000, by: 'agent-1' };
}

/** The record that a message has to have led to. */
function recordOf(store: MemoryRunStore, { end }: MessageCase, messageId: string): FlowRun | undefined {
  if (end.kind === 'rejected') return store.peek(derivedRunId('message', 'rejected', messageId));
  return store.peek(end.runId ?? derivedRunId('message', messageId));
}

function expectEnd(run: FlowRun | undefined, { end }: MessageCase): void {
  const wanted =
    end.kind === 'accepted'
      ? { status: 'QUEUED', attempt: 1 }
      : { status: 'FAILED', reason: { code: end.code, message: expect.stringContaining(end.why) } };
  expect(run).toMatchObject(wanted);
}

describe('the corpus of message bodies', () => {
  it('is what its script makes, three hundred bodies at least, each with a name of its own', () => {
    expect(cases).toEqual(JSON.parse(JSON.stringify(messageCorpus())));
    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it.each(cases)('$name', async (one) => {
    const body = bodyOf(one);
    expect(parseRunRequest(body).ok || one.end.kind === 'rejected').toBe(true);
    const store = new MemoryRunStore();
    await acceptMessage(depsOf(store), { messageId: 'm', body, receipt: 'r', receiveCount: 1, sentAt: 0 });
    const run = recordOf(store, one, 'm');
    expectEnd(run, one);
    // Whatever a body holds, its record can be written and read again.
    expect(JSON.parse(JSON.stringify(run))).toEqual(run);
    expect({}).not.toHaveProperty('admin');
  });
});

describe('the receiver, on a queue with all of these bodies', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('never stops: each body ends as its record says, and the queue is empty', async () => {
    const sqs = createSqsClient({ region: 'us-east-1', endpoint: stage.aws.url });
    const sent: { readonly one: MessageCase; readonly messageId: string }[] = [];
    const refused: { readonly name: string; readonly error: string }[] = [];
    for (let i = 0; i < cases.length; i += 20) {
      await Promise.all(
        cases.slice(i, i + 20).map(async (one) => {
          try {
            const send = new SendMessageCommand({ QueueUrl: stage.queueUrl, MessageBody: bodyOf(one) });
            const { MessageId: messageId = '' } = await sqs.send(send);
            sent.push({ one, messageId });
          } catch (error) {
            refused.push({ name: one.name, error: String(error) });
          }
        }),
      );
    }
    const store = new MemoryRunStore();
    const stop = createStop();
    const troubles: unknown[] = [];
    const receiver = new RequestReceiver({
      queue: new SqsRequestQueue(sqs, stage.queueUrl),
      accept: depsOf(store),
      clock: systemClock,
      log: silentLog,
      onTrouble: (trouble) => troubles.push(trouble),
      onAccepted: () => {},
      room: 100,
    });
    const running = receiver.run(stop.signal);
    await expect.poll(() => stage.depth(), { timeout: 60_000 }).toBe(0);
    stop.abort();
    await running;
    sqs.destroy();
    expect(troubles).toEqual([]);
    for (const { one, messageId } of sent) expectEnd(recordOf(store, one, messageId), one);
    // SQS takes no empty body (API SendMessage): the only one that it refuses.
    expect(refused).toMatchObject([{ name: 'not JSON: empty' }]);
    expect(sent).toHaveLength(cases.length - 1);
  });
});

describe('any body at all', () => {
  const sound = cases.filter(({ end, body }) => end.kind === 'accepted' && body.length === 1).map(bodyOf);
  /** A sound body with some of its characters lost, doubled or replaced. */
  const broken = fc
    .tuple(
      fc.constantFrom(...sound),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', ']', '\\', ',', '\u0000', '\ud800', '0', '__proto__'))),
    )
    .map(([body, edits]) =>
      edits.reduce((text, [at, put]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + put + text.slice(index + (at % 3));
      }, body),
    );
  const odd = fc
    .record(
      {
        flow: fc.anything(),
        runId: fc.anything(),
        parameters: fc.jsonValue(),
        runConfig: fc.jsonValue(),
        labels: fc.jsonValue(),
        priority: fc.double(),
        trigger: fc.jsonValue(),
        cpu: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map(
      (body) => JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? '',
    );
  const bodies = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), broken, odd);

  it('ends as a record, and never as an exception', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const store = new MemoryRunStore();
        const message = { messageId: 'm', body, receipt: 'r', receiveCount: 1, sentAt: 0 };
        const { kind, run } = await acceptMessage(depsOf(store), message);
        // What JSON cannot say, such as a zero below zero, is not on record.
        expect(store.peek(run.runId)).toEqual(JSON.parse(JSON.stringify(run)));
        expect(run.status).toBe(kind === 'accepted' ? 'QUEUED' : 'FAILED');
        if (run.status === 'FAILED') expect(run.reason.message).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves the messages beside it alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bodies, { maxLength: 9 }), async (others) => {
        const queue = new MemoryRequestQueue();
        const store = new MemoryRunStore();
        for (const body of others) await queue.send(body);
        await queue.send('{"flow":"etl","runId":"the-good-one"}');
        const base = { queue, accept: depsOf(store), clock: systemClock, log: silentLog, room: 100 };
        const receiver = new RequestReceiver({ ...base, onTrouble: () => {}, onAccepted: () => {} });
        while ((await receiver.receive(0, createStop().signal)) > 0) await receiver.settled();
        expect(store.peek('the-good-one')?.status).toBe('QUEUED');
        expect([queue.waiting.length, queue.inFlight.size]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });
});
