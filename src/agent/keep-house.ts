import type { BegunChore, ChoreBook, ChoreName, ChoreRecord } from '../core/chores.ts';
import { previousTick } from '../core/schedules/due-ticks.ts';
import type { Expression } from '../core/schedules/parse-expression.ts';
import type { Beat } from '../service/beat.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

/** Something that is to be done now and then, by one agent of the table. Doing it twice harms nothing. */
export interface Chore {
  readonly name: ChoreName;
  /** When it is due, in UTC; undefined while it is switched off. */
  when(): Expression | undefined;
  /** What it is done for, each apart: another agent may know other clusters. */
  parts(): readonly string[];
  /** Resolves to what was done, in words. */
  work(part: string, stop: AbortSignal): Promise<string>;
}

export interface HousekeeperOptions {
  readonly chores: readonly Chore[];
  readonly book: ChoreBook;
  /** Every minute: whether anything is due is seen at each. */
  readonly beat: Beat;
  /** The agent's name. */
  readonly by: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Told of each chore that has come to its end here. */
  readonly onChore?: ((chore: ChoreName, outcome: 'done' | 'failed') => void) | undefined;
}

/** The rest after a round that went well is the beat's; shorter pauses are those after a failed one. */
const BEAT_MS = 60_000;

interface Due {
  readonly chore: Chore;
  readonly part: string;
  readonly key: string;
  readonly at: number;
}

/**
 * Does chores at their beats. All agents of a table ask for each of them and one gets it. A chore that fails is said and
 * counted, holds up no other one, and comes again at its next beat; a beat that no agent was there for is made up for.
 */
export class Housekeeper implements Service {
  readonly name = 'housekeeping';
  readonly #options: HousekeeperOptions;
  /** By chore and part: the beat that is done, here or elsewhere. */
  readonly #done = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: HousekeeperOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, beat, onTrouble, onRound } = this.#options;
    const pause = (ms: number, until: AbortSignal) => (ms < BEAT_MS ? clock.sleep(ms, until) : beat.next(until));
    const pauses = { idleMs: BEAT_MS, maxBackoffMs: BEAT_MS / 2, pause };
    // An agent that has just been started has more urgent things to do.
    await beat.next(stop);
    await poll({ name: this.name, clock, stop, ...pauses, onTrouble, onRound }, async () => {
      await this.round(stop);
      return 'idle';
    });
    await this.settled();
  }

  /** Begins what is due and nobody has begun. */
  async round(stop: AbortSignal): Promise<void> {
    for (const due of this.#dueNow()) await this.#begin(due, stop);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  #dueNow(): readonly Due[] {
    const { chores, clock } = this.#options;
    return chores.flatMap((chore) => {
      const expression = chore.when();
      const at = expression && previousTick({ expression, timezone: 'UTC' }, clock.now() + 1);
      if (at === undefined) return [];
      return chore
        .parts()
        .map((part) => ({ chore, part, key: `${chore.name} ${part}`, at }))
        .filter(({ key }) => (this.#done.get(key) ?? Number.NEGATIVE_INFINITY) < at && !this.#underWay.has(key));
    });
  }

  async #begin(due: Due, stop: AbortSignal): Promise<void> {
    const { book, by, clock } = this.#options;
    const { chore, part, key, at } = due;
    const record: ChoreRecord = { chore: chore.name, part, beat: at, by, beganAt: clock.now() };
    const begun = await book.begin(record);
    this.#done.set(key, at);
    if (begun === undefined) return;
    const work = this.#work(due, begun, stop).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
  }

  /** Never rejects. */
  async #work({ chore, part, key }: Due, begun: BegunChore, stop: AbortSignal): Promise<void> {
    const { clock, log, onChore } = this.#options;
    try {
      const outcome = await attempt(() => chore.work(part, stop));
      if (outcome.kind === 'failed' && stop.aborted) return await begun.giveBack();
      if (outcome.kind === 'failed') log.warn('chore.failed', { chore: key, error: outcome.words });
      else log.info('chore.done', { chore: key, evidence: outcome.words });
      onChore?.(chore.name, outcome.kind);
      await begun.end({ endedAt: clock.now(), outcome: outcome.kind, words: outcome.words });
    } catch (error) {
      log.warn('chore.not-recorded', { chore: key, error: describeError(error) });
    }
  }
}

async function attempt(work: () => Promise<string>): Promise<{ kind: 'done' | 'failed'; words: string }> {
  try {
    return { kind: 'done', words: await work() };
  } catch (error) {
    return { kind: 'failed', words: describeError(error) };
  }
}
