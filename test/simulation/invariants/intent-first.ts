import type { Invariant } from '../facts.ts';
import { hashOfRequest } from '../services/ecs-service.ts';

/** I10: before a RunTask request leaves, exactly that request, with its token, is on record as the run's intent. */
export const intentFirst: Invariant = ({ story }) => {
  const intents = new Set<string>();
  return story.events.flatMap((event) => {
    if (event.kind === 'put' && event.run.status === 'LAUNCHING') intents.add(hashOfRequest(event.run.intent.request));
    if (event.kind !== 'launch-sent' || intents.has(event.requestHash)) return [];
    const message = `${event.by} sent a request that was not on record`;
    return [{ invariant: 'I10', code: 'no-intent', subject: event.startedBy, at: event.at, message }];
  });
};
