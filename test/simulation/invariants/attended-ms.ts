import type { Story } from '../story.ts';

/** For how long of a stretch of time at least one agent lived. A story that says nothing of agents has one throughout. */
export function attendedMs({ events }: Story, from: number, until: number): number {
  const moves = events.filter(({ kind, by }) => by.startsWith('agent-') && LIFE.has(kind));
  if (moves.length === 0) return until - from;
  const alive = new Set<string>();
  let since = from;
  let attended = 0;
  for (const { kind, by, at } of moves) {
    const upTo = Math.min(Math.max(at, from), until);
    if (alive.size > 0) attended += upTo - since;
    since = upTo;
    if (kind === 'started') alive.add(by);
    else alive.delete(by);
  }
  return attended + (alive.size > 0 ? until - since : 0);
}

const LIFE: ReadonlySet<string> = new Set(['started', 'killed', 'ended']);
