import { isFinished } from '../../../src/core/run.ts';
import { eventsOf, type Facts, type Invariant, type Violation } from '../facts.ts';

/**
 * I4: every request that was sent ends as a run with its body, every bad body (or another body under a used id) as a
 * rejected record; nothing stays on the queue or without an end.
 */
export const nothingLost: Invariant = (facts) => [...withoutRecord(facts), ...withoutEnd(facts), ...leftOver(facts)];

function withoutRecord({ story, sent, runs }: Facts): Violation[] {
  const dead = new Set(eventsOf(story, 'dead-lettered').map(({ messageId }) => messageId));
  return sent.flatMap(({ messageId, runId, rejectedId, bodyHash, at }) => {
    const record = runs.get(runId);
    const isRecorded = bodyHash !== undefined && record?.last.bodyHash === bodyHash;
    if (isRecorded || (runs.has(rejectedId) && (bodyHash === undefined || record !== undefined))) return [];
    const code = dead.has(messageId) ? 'dead-lettered' : 'no-record';
    return [{ invariant: 'I4', code, subject: messageId, at, message: `no record of ${runId}` }];
  });
}

function withoutEnd({ runs }: Facts): Violation[] {
  return [...runs.values()].flatMap(({ runId, last, lastAt }) =>
    isFinished(last)
      ? []
      : [{ invariant: 'I4', code: 'stuck', subject: runId, at: lastAt, message: `is ${last.status} for ever` }],
  );
}

function leftOver({ story }: Facts): Violation[] {
  const { messagesLeft, events } = story;
  if (messagesLeft === 0) return [];
  const at = events.at(-1)?.at ?? 0;
  return [{ invariant: 'I4', code: 'left-on-queue', subject: 'queue', at, message: `${messagesLeft} messages` }];
}
