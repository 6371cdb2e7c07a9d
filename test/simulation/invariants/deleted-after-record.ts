import type { Invariant } from '../facts.ts';

/** I5: a message leaves the queue only when what it says is on record. */
export const deletedAfterRecord: Invariant = ({ story, sent }) => {
  const origin = new Map(sent.map((message) => [message.messageId, message]));
  const recorded = new Set<string>();
  return story.events.flatMap((event) => {
    if (event.kind === 'put') recorded.add(event.run.runId);
    if (event.kind !== 'deleted') return [];
    const message = origin.get(event.messageId);
    if (message === undefined || recorded.has(message.runId) || recorded.has(message.rejectedId)) return [];
    const found = { invariant: 'I5', code: 'too-early', subject: event.messageId, at: event.at };
    return [{ ...found, message: `deleted before ${message.runId} was on record` }];
  });
};
