import type { JsonMap } from '../json.ts';
import type { Timing } from './timing.ts';

/** One schedule of a flow, as its file says it. */
export interface Schedule extends Timing {
  /** `<flow>/<name>`: what its state is kept under, and part of the identity of each of its runs. */
  readonly id: string;
  readonly flow: string;
  readonly name: string;
  /** What is due when, in one line: two definitions that are due at the same moments may still differ in it. */
  readonly definition: string;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  /** Each tick's run waits a moment of its own below this before it is launched. */
  readonly jitterMs: number;
  readonly enabled: boolean;
  readonly environment?: string;
  readonly labels: readonly string[];
  /** With `{{ tick.… }}` still open. */
  readonly parameters: JsonMap;
  readonly runConfig: JsonMap;
}

/** What becomes of ticks that no agent was there for: the newest runs, none of them, or the newest `max`. */
export type CatchUp = { readonly kind: 'latest' | 'none' } | { readonly kind: 'all'; readonly max: number };

/** What a tick does while an earlier run of the schedule has not ended. */
export type Overlap = (typeof OVERLAPS)[number];

export const OVERLAPS = ['allow', 'skip', 'queue', 'cancel-running'] as const;
