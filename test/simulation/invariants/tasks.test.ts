import { describe, expect, it } from 'vitest';
import { BEGINNING } from '../event-queue.ts';
import type { Happening } from '../history.ts';
import { hashOfRequest } from '../services/ecs-service.ts';
import { intentFirst } from './intent-first.ts';
import { noLeaks } from './no-leaks.ts';
import { oneTaskPerAttempt } from './one-task-per-attempt.ts';
import { begins, ends, factsFrom, finished, intentOf, launching, made, put, queued, stopped } from './story-of.ts';
import { tokenDiscipline } from './token-discipline.ts';
import { userCodeOnce } from './user-code-once.ts';

const codes = (violations: readonly { code: string }[]) => violations.map(({ code }) => code);

describe('I1: one task per attempt', () => {
  it('holds for one task for each of two attempts', () => {
    expect(oneTaskPerAttempt(factsFrom([made(1), made(2, { startedBy: 'slipway/run-1/2' })]))).toEqual([]);
  });

  it('notices a second task, and says what kind of twin it is', () => {
    expect(codes(oneTaskPerAttempt(factsFrom([made(1), made(2)])))).toEqual(['fresh-token']);
    const forgotten = [made(1, { token: 'token' }), made(2, { token: 'token' })];
    expect(codes(oneTaskPerAttempt(factsFrom(forgotten)))).toEqual(['forgotten-token']);
    const placed = [put(launching('token-1')), made(1), put(launching('token-2', { version: 2 })), made(2)];
    expect(codes(oneTaskPerAttempt(factsFrom(placed)))).toEqual(['next-placement']);
    expect(codes(oneTaskPerAttempt(factsFrom([made(1, { besideFailure: true }), made(2)])))).toEqual([
      'beside-failure',
    ]);
  });

  it('excepts a task beside a failure that nobody could see before the next placement, and no other', () => {
    const beside = (shownMin: number) => made(1, { besideFailure: true, shownAt: BEGINNING + shownMin * 60_000 });
    const placedAnew = [put(queued({ version: 3, placement: 1 })), made(2)];
    expect(oneTaskPerAttempt(factsFrom([beside(5), ...placedAnew]))).toEqual([]);
    const seen = [
      { ...beside(1), atMin: 0 },
      { ...placedAnew[0], atMin: 3 },
      { ...placedAnew[1], atMin: 4 },
    ];
    expect(codes(oneTaskPerAttempt(factsFrom(seen as Happening[])))).toEqual(['beside-failure']);
  });

  it('excepts a late arrival in which no user code of a worker begins, and no other', () => {
    const late = made(2, { travelledMs: 30 * 60_000 });
    expect(oneTaskPerAttempt(factsFrom([made(1), late]))).toEqual([]);
    expect(oneTaskPerAttempt(factsFrom([made(1), late, begins(2)]))).toHaveLength(1);
  });
});

describe('I2: user code once', () => {
  const second = { startedBy: 'slipway/run-1/2' };
  const run = put(finished('SUCCEEDED', { attempt: 2 }));

  it('holds for attempts that follow each other', () => {
    const story = [made(1), begins(1), ends(1, false), made(2, second), begins(2, second), ends(2), run];
    expect(userCodeOnce(factsFrom(story))).toEqual([]);
  });

  it('notices user code that begins twice in an attempt, in two tasks or in one', () => {
    expect(codes(userCodeOnce(factsFrom([made(1), begins(1), ends(1), made(2), begins(2), run])))).toEqual(['twice']);
    expect(codes(userCodeOnce(factsFrom([made(1), begins(1), ends(1), begins(1), run])))).toEqual(['twice']);
  });

  it('notices attempts that run at once', () => {
    const story = [made(1), begins(1), made(2, second), begins(2, second), ends(1), ends(2), run];
    expect(codes(userCodeOnce(factsFrom(story)))).toEqual(['overlap']);
  });
});

describe('I8: no leaks', () => {
  const end = put(finished('CANCELLED'));

  it('holds for a task that stops soon after its run has ended', () => {
    expect(noLeaks(factsFrom([made(1), begins(1), end, stopped(1)]))).toEqual([]);
  });

  it('notices a task that goes on after its run has ended, and one that begins after it', () => {
    const late = { ...stopped(1), atMin: 60 };
    expect(codes(noLeaks(factsFrom([made(1), begins(1), end, late])))).toEqual(['orphan']);
    expect(codes(noLeaks(factsFrom([end, made(1), begins(1, { isWorker: false }), late])))).toEqual(['plain-orphan']);
  });

  it('counts only the time in which an agent lived to see it', () => {
    const agent = (kind: 'started' | 'killed', atMin: number) => ({ kind, text: '', by: 'agent-1', atMin });
    const unwanted = [agent('started', 0), { ...made(1), atMin: 0 }, { ...end, atMin: 1 }];
    const back = [agent('started', 58), { ...stopped(1), atMin: 60 }];
    expect(noLeaks(factsFrom([...unwanted, agent('killed', 2), ...back]))).toEqual([]);
    expect(codes(noLeaks(factsFrom([...unwanted, agent('killed', 20), ...back])))).toEqual(['orphan']);
  });

  it('notices a task that is there at the very end', () => {
    const facts = factsFrom([made(1)]);
    expect(codes(noLeaks({ ...facts, story: { ...facts.story, tasksLeft: ['task'] } }))).toEqual(['left']);
  });
});

describe('I10 and I11: what is sent', () => {
  const launch = (token: string, requestHash = hashOfRequest(intentOf(token).request)) =>
    ({ kind: 'launch-sent', startedBy: 'slipway/run-1/1', token, requestHash, clock: 0 }) as const;

  it('hold for an intent that is on record before it is sent, and sent again soon', () => {
    const facts = factsFrom([put(launching('token')), launch('token'), launch('token')]);
    expect([...intentFirst(facts), ...tokenDiscipline(facts)]).toEqual([]);
  });

  it('notice a request that was sent before it was on record', () => {
    expect(codes(intentFirst(factsFrom([launch('token'), put(launching('token'))])))).toEqual(['no-intent']);
  });

  it('notice a request that is not the one on record', () => {
    expect(codes(intentFirst(factsFrom([put(launching('token')), launch('token', 'other')])))).toEqual(['no-intent']);
  });

  it('notice a token that goes out with two requests, or so late that ECS may have forgotten it', () => {
    expect(codes(tokenDiscipline(factsFrom([launch('token'), launch('token', 'other')])))).toEqual(['two-requests']);
    expect(codes(tokenDiscipline(factsFrom([launch('token'), { ...launch('token'), atMin: 60 }])))).toEqual([
      'too-late',
    ]);
  });
});
