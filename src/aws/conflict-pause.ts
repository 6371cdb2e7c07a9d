/** Time and chance for pauses; a `Clock` has both. */
export interface PauseTiming {
  /** Resolves after `ms`, or at once when `stop` is aborted. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
  /** A number from 0 to 1, 1 excluded. */
  random(): number;
}

/** The longest pause after the first conflict, which doubles with each further one; and the longest of all. */
const FIRST_MS = 20;
const LONGEST_MS = 2_000;

const NEVER = new AbortController().signal;

/**
 * The pause before a transaction is sent again that met another one on its items, for the `tries`-th time. Of full jitter:
 * those that met each other come back apart. Without timing there is none.
 */
export async function pauseAfterConflict(timing: PauseTiming | undefined, tries: number): Promise<void> {
  const longestMs = Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
  await timing?.sleep(Math.floor(timing.random() * longestMs), NEVER);
}
