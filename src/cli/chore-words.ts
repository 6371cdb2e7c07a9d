import type { ChoreRecord } from '../core/chores.ts';
import { durationText } from './print-time.ts';

/** No chore takes so long: one without an end was left by an agent that died over it. */
const LONGEST_MS = 6 * 3_600_000;

/** What became of a chore the last time, in a line. */
export function choreWords(record: ChoreRecord, now: number): string {
  const { chore, part, by, beganAt, endedAt } = record;
  const when = `${durationText(now - (endedAt ?? beganAt))} ago by ${by}`;
  return `${chore} (${part}) ${when}: ${outcomeWords(record)}`;
}

/** How it went, in words. */
export function outcomeWords({ outcome, words }: ChoreRecord): string {
  if (outcome === undefined) return 'begun, and not ended';
  return outcome === 'failed' ? `failed: ${words ?? ''}` : (words ?? '');
}

/** Whether somebody should look into it. */
export function isTroubled({ outcome, beganAt }: ChoreRecord, now: number): boolean {
  return outcome === 'failed' || (outcome === undefined && now - beganAt > LONGEST_MS);
}
