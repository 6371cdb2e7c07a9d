import { describe, expect, it } from 'vitest';
import { BEGINNING } from '../event-queue.ts';
import { agentsLive } from './agents-live.ts';
import { attemptsCounted } from './attempts-counted.ts';
import { cancelIsFinal } from './cancel-is-final.ts';
import { deletedAfterRecord } from './deleted-after-record.ts';
import { limitsKept } from './limits-kept.ts';
import { nothingLost } from './nothing-lost.ts';
import { orderGrows } from './order-grows.ts';
import { begins, factsFrom, finished, intentOf, launching, made, put, queued, running, sent } from './story-of.ts';
import { terminalForEver } from './terminal-for-ever.ts';

const codes = (violations: readonly { code: string }[]) => violations.map(({ code }) => code);
const cancel = { by: 'operator', reason: '', at: BEGINNING };
const ended = {
  attempt: 1,
  status: 'CRASHED',
  finishedAt: BEGINNING,
  reason: { code: 'KILLED', message: '' },
} as const;

describe('I3: terminal is for ever', () => {
  it('holds when the end is the last thing on record', () => {
    expect(terminalForEver(factsFrom([put(queued()), put(finished('FAILED', { version: 2 }))]))).toEqual([]);
  });

  it('notices a write after the end', () => {
    const story = [put(finished('FAILED')), put(finished('SUCCEEDED', { version: 2 }))];
    expect(codes(terminalForEver(factsFrom(story)))).toEqual(['changed']);
  });
});

describe('I4: nothing is lost', () => {
  it('holds for a request whose run has ended, and for a bad body with its record', () => {
    const bad = sent({ messageId: 'message-2', runId: 'run-2', bodyHash: undefined });
    const story = [sent(), put(finished('SUCCEEDED')), bad, put(finished('FAILED', { runId: 'rejected-1' }))];
    expect(nothingLost(factsFrom(story))).toEqual([]);
  });

  it('notices a request without a record, and whether it is on the dead-letter queue', () => {
    expect(codes(nothingLost(factsFrom([sent()])))).toEqual(['no-record']);
    const dead = [sent(), { kind: 'dead-lettered', messageId: 'message-1' } as const];
    expect(codes(nothingLost(factsFrom(dead)))).toEqual(['dead-lettered']);
  });

  it('notices a record of another body', () => {
    expect(codes(nothingLost(factsFrom([sent({ bodyHash: 'other' }), put(finished('SUCCEEDED'))])))).toEqual([
      'no-record',
    ]);
  });

  it('notices a run that never ends, and messages that are left', () => {
    const facts = factsFrom([sent(), put(queued())]);
    expect(codes(nothingLost({ ...facts, story: { ...facts.story, messagesLeft: 1 } }))).toEqual([
      'stuck',
      'left-on-queue',
    ]);
  });
});

describe('I5: deleted after the record', () => {
  const deleted = { kind: 'deleted', messageId: 'message-1' } as const;

  it('holds for a message that is deleted when its run is on record', () => {
    expect(deletedAfterRecord(factsFrom([sent(), put(queued()), deleted]))).toEqual([]);
  });

  it('notices a message that is deleted before', () => {
    expect(codes(deletedAfterRecord(factsFrom([sent(), deleted, put(queued())])))).toEqual(['too-early']);
  });
});

describe('I9: the order grows', () => {
  it('holds for a run on its way, for a launch that was not placed, and for a retry', () => {
    const story = [
      put(queued()),
      put(launching('token', { version: 2 })),
      put(queued({ version: 3, waiting: { code: 'NOT_PLACED', message: '' } })),
      put(launching('token', { version: 4 })),
      put(running(1, { version: 5 })),
      put(queued({ version: 6, attempt: 2 })),
    ];
    expect(orderGrows(factsFrom(story))).toEqual([]);
  });

  it.each([
    ['a version that is written twice', put(launching('token', { version: 1 }))],
    ['a move that is not legal', put(running(1, { version: 2 }))],
    ['an attempt that is skipped', put(queued({ version: 2, attempt: 3 }))],
  ])('notices %s', (_what, next) => {
    expect(codes(orderGrows(factsFrom([put(queued()), next])))).toEqual(['back']);
  });

  it('notices a step back without a reason', () => {
    expect(codes(orderGrows(factsFrom([put(launching('token')), put(queued({ version: 2 }))])))).toEqual(['back']);
  });
});

describe('I13: a cancel is final', () => {
  it('holds for a cancel after the claim', () => {
    const story = [
      put(running(1)),
      put(running(1, { version: 2, cancel })),
      made(1),
      begins(1),
      put(finished('CANCELLED', { version: 3, cancel })),
    ];
    expect(cancelIsFinal(factsFrom(story))).toEqual([]);
  });

  it('notices a claim, user code without a claim, another attempt, and a wrong end after it', () => {
    const asked = put(launching('token', { cancel }));
    const end = put(finished('CANCELLED', { version: 3, cancel }));
    expect(codes(cancelIsFinal(factsFrom([asked, put(running(1, { version: 2, cancel })), end])))).toEqual(['claimed']);
    expect(codes(cancelIsFinal(factsFrom([asked, made(1), begins(1), end])))).toEqual(['began']);
    expect(codes(cancelIsFinal(factsFrom([asked, put(queued({ version: 2, attempt: 2, cancel }))])))).toEqual([
      'new-attempt',
    ]);
    expect(codes(cancelIsFinal(factsFrom([asked])))).toEqual(['end']);
  });
});

describe('I14: attempts are counted', () => {
  it('holds for a retry on its budget and for a fence at no cost', () => {
    const fenced = { ...ended, attempt: 2, reason: { code: 'ATTEMPT_FENCED', message: '' } } as const;
    const attempts = [{ ...ended, retriedAs: 'CRASHED' as const }, fenced];
    expect(attemptsCounted(factsFrom([put(launching('token', { attempt: 3, attempts }))]))).toEqual([]);
  });

  it('notices an attempt that left no record, one that cost nothing, and one over budget', () => {
    const at = (attempt: number, attempts: Parameters<typeof launching>[1]) =>
      codes(attemptsCounted(factsFrom([put(launching('token', { attempt, ...attempts }))])));
    expect(at(2, {})).toEqual(['missing']);
    expect(at(2, { attempts: [ended] })).toEqual(['free']);
    const retried = { ...ended, retriedAs: 'CRASHED' as const };
    expect(at(3, { attempts: [retried, { ...retried, attempt: 2 }] })).toEqual(['over']);
  });
});

describe('I23: agents live', () => {
  it('holds for an agent that ends when it is asked to', () => {
    const story = [{ kind: 'world', text: 'SIGTERM' } as const, { kind: 'ended', text: '' } as const];
    expect(agentsLive(factsFrom(story))).toEqual([]);
  });

  it('notices one that ends unasked, and one that fails', () => {
    const story = [{ kind: 'ended', text: '' } as const, { kind: 'failed', text: 'oops' } as const];
    expect(codes(agentsLive(factsFrom(story)))).toEqual(['failed', 'ended']);
  });
});

describe('limits are kept', () => {
  const intent = { ...intentOf('token'), slots: [{ key: 'flow etl', limit: 1 }] };
  const held = (runId: string) => put(launching('token', { runId, intent }));

  it('holds for runs that follow each other under one key', () => {
    const freed = put(finished('FAILED', { runId: 'run-1', version: 2 }));
    expect(limitsKept(factsFrom([held('run-1'), freed, held('run-2')]))).toEqual([]);
  });

  it('notices two at once under a limit of one', () => {
    expect(codes(limitsKept(factsFrom([held('run-1'), held('run-2')])))).toEqual(['over']);
  });
});
