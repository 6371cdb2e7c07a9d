import type { Clock } from './clock.ts';
import type { RoundReport } from './poll.ts';

interface Beat {
  readonly at: number;
  readonly pauseMs: number;
  readonly outcome: RoundReport['outcome'];
  /** When a round last did what it is for. */
  readonly doneAt: number | undefined;
}

/** How a loop of the program is: times in milliseconds before now. */
export interface LoopState {
  readonly loop: string;
  readonly sinceRoundMs: number;
  /** The loop has been silent for longer than three of its pauses and the longest round. */
  readonly isLate: boolean;
  readonly isFailing: boolean;
  /** Since a round last succeeded; undefined if none has. */
  readonly sinceSuccessMs: number | undefined;
}

/** The longest that a round may take: a receive waits 20 s, and a call is repeated after its timeout. */
const LONGEST_ROUND_MS = 120_000;

/** Feels the pulse of loops: a loop that hangs is told from one that waits, and from one that fails. */
export class LoopPulse {
  readonly #clock: Clock;
  readonly #beats = new Map<string, Beat>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  beat({ loop, outcome, pauseMs }: RoundReport): void {
    const at = this.#clock.monotonic();
    const doneAt = outcome === 'failed' ? this.#beats.get(loop)?.doneAt : at;
    this.#beats.set(loop, { at, pauseMs, outcome, doneAt });
  }

  states(): readonly LoopState[] {
    const now = this.#clock.monotonic();
    return [...this.#beats].map(([loop, { at, pauseMs, outcome, doneAt }]) => ({
      loop,
      sinceRoundMs: now - at,
      isLate: now - at > 3 * pauseMs + LONGEST_ROUND_MS,
      isFailing: outcome === 'failed',
      sinceSuccessMs: doneAt === undefined ? undefined : now - doneAt,
    }));
  }
}
