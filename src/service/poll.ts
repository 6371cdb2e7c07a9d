import type { Clock } from './clock.ts';

export interface PollOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Pause after a round that found nothing to do. */
  readonly idleMs: number;
  readonly maxBackoffMs: number;
  /** Called for the first failure of a row of them, and when the row has ended: an outage is one story, not a line a second. */
  readonly onTrouble: (trouble: Trouble) => void;
  /** Told of every round: what watches over loops lives by it. */
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Passes a pause; the clock's sleep, unless something may end it early. */
  readonly pause?: (ms: number, stop: AbortSignal) => Promise<void>;
}

/** How a round went, and the pause after it. */
export interface RoundReport {
  readonly loop: string;
  readonly outcome: 'busy' | 'idle' | 'failed';
  readonly pauseMs: number;
}

export type Trouble =
  | { readonly kind: 'began'; readonly loop: string; readonly error: unknown }
  | { readonly kind: 'ended'; readonly loop: string; readonly failures: number };

/** One round of work. `busy` asks for the next round at once, `idle` for a pause first. */
export type Round = () => Promise<'busy' | 'idle'>;

/** Runs `round` until `stop`; a failing round backs off and never ends the loop. */
export async function poll(options: PollOptions, round: Round): Promise<void> {
  const { name: loop, clock, stop, onRound, pause = (ms, until) => clock.sleep(ms, until) } = options;
  let failures = 0;
  while (!stop.aborted) {
    const outcome = await attempt(options, round, failures);
    failures = outcome === 'failed' ? failures + 1 : 0;
    const pauseMs = pauseAfter(outcome, options, failures);
    onRound?.({ loop, outcome, pauseMs });
    if (outcome !== 'busy') await pause(pauseMs, stop);
  }
}

async function attempt(options: PollOptions, round: Round, failures: number): Promise<'busy' | 'idle' | 'failed'> {
  const { name: loop, stop, onTrouble } = options;
  try {
    const outcome = await round();
    if (failures > 0) onTrouble({ kind: 'ended', loop, failures });
    return outcome;
  } catch (error) {
    if (!stop.aborted && failures === 0) onTrouble({ kind: 'began', loop, error });
    return 'failed';
  }
}

function pauseAfter(outcome: RoundReport['outcome'], options: PollOptions, failures: number): number {
  if (outcome === 'busy') return 0;
  return outcome === 'idle' ? options.idleMs : backoffMs(options, failures);
}

/** Doubles from a quarter to half a second, with jitter, so that agents that lost the same service do not come back together. */
function backoffMs({ clock, maxBackoffMs }: PollOptions, failures: number): number {
  const ceiling = Math.min(250 * 2 ** Math.min(failures, 16), maxBackoffMs);
  return Math.round(ceiling * (0.5 + clock.random() / 2));
}
