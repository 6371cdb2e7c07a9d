import { randomUUID } from 'node:crypto';
import { base32Hash } from '../core/run-identity.ts';

const OURS = /^[a-hjkmnp-tv-z0-9]{26}$/;

/** A run id that nobody has used yet: 26 characters of the lower-case base 32 alphabet. */
export function newRunId(): string {
  return base32Hash('cli', randomUUID()).slice(0, 26);
}

/** What people say instead of the id: the last six characters, in capitals. A producer's own id is its own best name. */
export function shortIdOf(runId: string): string {
  return OURS.test(runId) ? runId.slice(-6).toUpperCase() : runId;
}
