import { eventsOf, type Facts, type Invariant, type Violation } from '../facts.ts';

/**
 * A token may be forgotten an hour after the end of a task that took no time (ECS_Idempotency). Agents trust it for half
 * an hour by their clocks; two clocks that are wrong by two minutes and a pause of ten still leave a margin.
 */
const TRUSTED_MS = 50 * 60_000;

/** I11: a token never goes out with two different requests, nor so late that ECS may have forgotten it. */
export const tokenDiscipline: Invariant = (facts) => [...twoRequests(facts), ...tooLate(facts)];

function twoRequests({ story }: Facts): Violation[] {
  const first = new Map<string, string>();
  return eventsOf(story, 'launch-sent').flatMap(({ token, requestHash, startedBy, at, by }) => {
    const known = first.get(token);
    if (known === undefined) first.set(token, requestHash);
    if (known === undefined || known === requestHash) return [];
    const message = `${by} sent token ${token.slice(0, 8)} with another request than before`;
    return [{ invariant: 'I11', code: 'two-requests', subject: startedBy, at, message }];
  });
}

function tooLate({ story }: Facts): Violation[] {
  const first = new Map<string, number>();
  return eventsOf(story, 'launch-sent').flatMap(({ token, startedBy, at, by }) => {
    const since = first.get(token) ?? at;
    first.set(token, since);
    if (at - since <= TRUSTED_MS) return [];
    const message = `${by} sent token ${token.slice(0, 8)} again after ${Math.round((at - since) / 60_000)} min`;
    return [{ invariant: 'I11', code: 'too-late', subject: startedBy, at, message }];
  });
}
