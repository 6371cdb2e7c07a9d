import { eventsOf, type Invariant } from '../facts.ts';

/** I23: whatever the services do, an agent does not end unless it is asked to. */
export const agentsLive: Invariant = ({ story }) => {
  const asked = new Set<string>();
  const failed = eventsOf(story, 'failed').map(({ by, at, text }) => {
    return { invariant: 'I23', code: 'failed', subject: by, at, message: text };
  });
  const ended = story.events.flatMap((event) => {
    if (event.kind === 'world' && event.text === 'SIGTERM') asked.add(event.by);
    if (event.kind !== 'ended' || asked.delete(event.by)) return [];
    return [{ invariant: 'I23', code: 'ended', subject: event.by, at: event.at, message: 'ended unasked' }];
  });
  return [...failed, ...ended];
};
