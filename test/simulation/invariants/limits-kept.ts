import { heldSlots } from '../../../src/core/slots.ts';
import { eventsOf, type Invariant } from '../facts.ts';

/** Limits: never more runs in flight under one key than it allows. */
export const limitsKept: Invariant = ({ story }) => {
  const holders = new Map<string, Set<string>>();
  return eventsOf(story, 'put').flatMap(({ run, at }) => {
    for (const others of holders.values()) others.delete(run.runId);
    return heldSlots(run).flatMap(({ key, limit }) => {
      const held = (holders.get(key) ?? new Set()).add(run.runId);
      holders.set(key, held);
      if (held.size <= limit) return [];
      return [{ invariant: 'limit', code: 'over', subject: key, at, message: `held by ${[...held].join(', ')}` }];
    });
  });
};
