import type { Expression } from './parse-expression.ts';
import { type OffsetStretch, ZoneOffsets } from './zone-offsets.ts';

/** What decides when a schedule is due. */
export interface Timing {
  readonly expression: Expression;
  /** IANA name. */
  readonly timezone: string;
  /** Epoch milliseconds: no tick before it; a rate counts from it. */
  readonly startAt?: number;
  /** Epoch milliseconds: no tick after it. */
  readonly endAt?: number;
}

/**
 * The ticks after `after`, oldest first, without end: the caller stops asking. Instants in epoch milliseconds, each once.
 * The clock's changes (DESIGN 9): fixed times that do not exist are due together at the first valid instant, one that
 * occurs twice is due the first time; where every hour counts, real time does.
 */
export function* ticksAfter(timing: Timing, after: number): Generator<number, void, void> {
  const { startAt = Number.NEGATIVE_INFINITY, endAt = Number.POSITIVE_INFINITY } = timing;
  for (const tick of allAfter(timing, Math.max(after, startAt - 1))) {
    if (tick > endAt) return;
    yield tick;
  }
}

/** The first tick after `after`; undefined when none is left. */
export function nextTick(timing: Timing, after: number): number | undefined {
  for (const tick of ticksAfter(timing, after)) return tick;
  return undefined;
}

function allAfter({ expression, timezone, startAt }: Timing, after: number): Iterable<number> {
  switch (expression.kind) {
    case 'rate':
      return rateTicks(expression.everyMs, startAt ?? 0, after);
    case 'at': {
      const at = ZoneOffsets.of(timezone).instantOf(expression.local);
      return at > after ? [at] : [];
    }
    case 'cron':
      return expression.byRealTime
        ? realTimeTicks(expression.next, ZoneOffsets.of(timezone), after)
        : fixedTimeTicks(expression.next, ZoneOffsets.of(timezone), after);
    default:
      return expression satisfies never;
  }
}

function* rateTicks(everyMs: number, origin: number, after: number): Generator<number, void, void> {
  const passed = Math.floor((after - origin) / everyMs) + 1;
  for (let tick = origin + Math.max(passed, 0) * everyMs; ; tick += everyMs) yield tick;
}

type NextLocal = (local: number) => number | undefined;

/** Local times in their order, each at its instant: the order stays, and those that clocks jump over fall together. */
function* fixedTimeTicks(next: NextLocal, zone: ZoneOffsets, after: number): Generator<number, void, void> {
  let local = next(after + zone.stretchAt(after).offsetMs);
  let last = after;
  while (local !== undefined) {
    const tick = zone.instantOf(local);
    if (tick > last) {
      yield tick;
      last = tick;
    }
    local = next(local);
  }
}

/** Every instant whose local time matches, stretch by stretch of constant offset. */
function* realTimeTicks(next: NextLocal, zone: ZoneOffsets, after: number): Generator<number, void, void> {
  let stretch: OffsetStretch = zone.stretchAt(after);
  let local = next(after + stretch.offsetMs);
  while (local !== undefined) {
    if (local - stretch.offsetMs < stretch.until) {
      yield local - stretch.offsetMs;
      local = next(local);
    } else {
      stretch = zone.stretchAt(stretch.until);
      local = next(stretch.from + stretch.offsetMs - 1);
    }
  }
}
