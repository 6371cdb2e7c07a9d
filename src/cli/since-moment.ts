import { parseDuration } from '../templates/duration.ts';
import { usageError } from './user-error.ts';

/** The moment that `--since` means, epoch ms: so long ago, or a moment in ISO 8601. */
export function sinceMoment(text: string, now: number): number {
  const ago = parseDuration(text);
  const moment = ago === undefined ? Date.parse(text) : now - ago;
  if (Number.isNaN(moment)) throw usageError(`--since takes 30m, 1h, 7d or a moment in ISO 8601, not "${text}"`);
  return moment;
}
