import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { mayRun, type Senders } from '../../src/core/may-run.ts';
import { acceptMessage } from '../../src/runs/accept-message.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { Stage } from '../whole/stage.ts';

const NAMES = ['AROAONE', 'AROATWO', 'AIDAANN', '__proto__', 'constructor', '*', ''];
const FLOWS = ['etl', 'orders', '*', 'toString', 'ETL'];
const sender = fc.option(
  fc.oneof(
    fc.constantFrom(...NAMES),
    fc.tuple(fc.constantFrom(...NAMES), fc.string()).map((parts) => parts.join(':')),
  ),
  { nil: undefined },
);
const senders: fc.Arbitrary<Senders> = fc.dictionary(
  fc.constantFrom('AROAONE', 'AROATWO:deploy', 'AIDAANN'),
  fc.subarray(FLOWS),
);

/** What an operator means, word for word, as slowly as can be. */
function model(map: Senders, senderId: string | undefined, flow: string): boolean {
  for (const [named, flows] of Object.entries(map)) {
    const isNamed = senderId === named || (senderId?.startsWith(`${named}:`) && !named.includes(':'));
    if (isNamed && (flows.includes('*') || flows.includes(flow))) return true;
  }
  return false;
}

describe('X1: who may run what', () => {
  it('is what the map says, for any sender and any flow', () => {
    fc.assert(
      fc.property(senders, sender, fc.constantFrom(...FLOWS), (map, senderId, flow) => {
        expect(mayRun(map, senderId, flow)).toBe(model(map, senderId, flow));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is everything for everybody where nobody is named, and nothing where the map is empty', () => {
    expect(mayRun(undefined, undefined, 'etl')).toBe(true);
    expect(mayRun({}, 'AIDAANN', 'etl')).toBe(false);
  });

  it('ends a message of anybody else as a rejected record, whichever word names the flow', async () => {
    await fc.assert(
      fc.asyncProperty(
        senders,
        sender,
        fc.constantFrom('etl', 'orders'),
        fc.boolean(),
        async (map, senderId, flow, isAlias) => {
          const store = new MemoryRunStore();
          const body = JSON.stringify({ [isAlias ? 'flow_name' : 'flow']: flow, runId: 'r1' });
          const outcome = await acceptMessage(
            { store, files: new MemoryFileStore(), bucket: undefined, senders: () => map, now: () => 0, by: 'agent' },
            {
              messageId: 'm',
              body,
              receipt: 'r',
              receiveCount: 1,
              sentAt: 0,
              ...(senderId === undefined ? {} : { senderId }),
            },
          );
          if (model(map, senderId, flow)) expect(outcome).toMatchObject({ kind: 'accepted', run: { runId: 'r1' } });
          else expect(outcome).toMatchObject({ kind: 'rejected', run: { reason: { code: 'SENDER_NOT_ALLOWED' } } });
          // The id that was asked for stays free for those who may use it.
          expect(store.peek('r1') !== undefined).toBe(model(map, senderId, flow));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('X1: an agent that knows its senders', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it('sends no RunTask for a sender that it does not name, and says why on the record', async () => {
    const agent = await stage.agent(undefined, { senders: { value: { AIDASOMEBODY: ['plain'] }, origin: 'test' } });
    await stage.send({ flow: 'plain', runId: 'p1' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({
      status: 'FAILED',
      reason: {
        code: 'SENDER_NOT_ALLOWED',
        message: expect.stringMatching(/the sender \S+ may not run the flow plain/),
      },
    });
    expect(stage.callsOf('ecs.RunTask')).toBe(0);
    expect([await stage.depth(), await stage.depth(stage.deadLetterUrl)]).toEqual([0, 1]);
  });

  it('runs the flow for the sender that SQS names', async () => {
    const id = await senderIdOf(stage);
    const agent = await stage.agent(undefined, { senders: { value: { [id]: ['plain'] }, origin: 'test' } });
    await stage.send({ flow: 'plain', runId: 'p1' });
    await stage.send({ flow: 'fails', runId: 'f1' });
    const runs = await stage.processUntilEnded(agent, 2);
    const codes = new Map(runs.map((run) => [run.request.flow, 'reason' in run ? run.reason.code : undefined]));
    expect(codes.get('plain')).toBe('SUCCEEDED');
    expect([...codes.values()].sort()).toEqual(['SENDER_NOT_ALLOWED', 'SUCCEEDED']);
  });
});

/** Whom SQS takes this process for. */
async function senderIdOf({ aws, queueUrl }: Stage): Promise<string> {
  const queue = connectAws({ region: 'us-east-1', endpoint: aws.url }).queue(queueUrl);
  await queue.send('who am I?');
  const [message] = await queue.receive(1, 1, new AbortController().signal);
  if (message?.senderId === undefined) throw new Error('SQS names no sender');
  await queue.remove([message]);
  return message.senderId;
}
