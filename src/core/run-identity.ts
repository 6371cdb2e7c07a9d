import { createHash } from 'node:crypto';

/** What a run id may look like (DESIGN 7.1): it goes into `startedBy`, which takes no dots or colons (API RunTask). */
export const RUN_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

const BASE32 = 'abcdefghjkmnpqrstvwxyz0123456789';

/** SHA-256 in 52 characters of a lower-case alphabet that is hard to misread. */
export function base32Hash(...parts: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(parts.join('\n')).digest();
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32.charAt((held << (5 - bits)) & 31) : text;
}

/** The id of a run whose producer gave none: equal origins make one run. */
export function derivedRunId(kind: 'key' | 'message' | 'tick', ...origin: readonly string[]): string {
  return base32Hash(kind, ...origin).slice(0, 26);
}

export interface AttemptIdentity {
  readonly cluster: string;
  readonly runId: string;
  readonly attempt: number;
  /** Counts definite not-placed answers within the attempt; see `LaunchPlan`. */
  readonly placement: number;
}

/** RunTask's `clientToken`: at most 64 visible characters (ECS_Idempotency); the same for every repeat of the attempt. */
export function clientTokenOf({ cluster, runId, attempt, placement }: AttemptIdentity): string {
  return base32Hash(cluster, runId, attempt, placement);
}

/** `slipway/<runId>/<attempt>`: in ECS's events and answers, so that a task tells whose it is without a look-up. */
export function startedByOf({ runId, attempt }: Pick<AttemptIdentity, 'runId' | 'attempt'>): string {
  return `slipway/${runId}/${attempt}`;
}

/** Reads {@link startedByOf} back; undefined for a task that is not ours. */
export function parseStartedBy(startedBy: string | undefined): { runId: string; attempt: number } | undefined {
  const match = /^slipway\/([A-Za-z0-9_-]{1,64})\/(\d{1,9})$/.exec(startedBy ?? '');
  return match?.[1] === undefined ? undefined : { runId: match[1], attempt: Number(match[2]) };
}
