import { createHash } from 'node:crypto';
import type { FlowRun } from '../core/run.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { type ScheduleState, SKIP_WORDS } from '../core/schedules/schedule-state.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { nextTick } from '../core/schedules/timing.ts';
import { type DecideDeps, type DecidedSchedule, decideSchedules } from '../runs/decide-schedules.ts';
import type { Beat } from '../service/beat.ts';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import type { Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

export interface SchedulerOptions {
  readonly decide: DecideDeps;
  /** The schedules as they are now; the same list while nothing has changed. */
  readonly current: () => readonly Schedule[];
  /** Every minute. */
  readonly beat: Beat;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Told of each run that a tick has made. */
  readonly onMade: (run: FlowRun) => void;
  /** Told how long after its tick a schedule's run came on record, in milliseconds. */
  readonly onTick?: ((run: FlowRun, lateMs: number) => void) | undefined;
  /** Pause between looks whether a waiting tick may go. */
  readonly waitingMs: number;
}

/** A schedule, and when it is to be looked at again. */
interface Entry {
  readonly schedule: Schedule;
  /** Undefined when no tick is left. */
  nextAt: number | undefined;
  /** As it was last seen; undefined where it has to be read. */
  known: ScheduleState | undefined;
}

interface Recorded extends DecidedSchedule {
  readonly recordedAt: number;
}

/** Schedules that are read and decided together, and such groups under way at once. */
const GROUP = 50;
const GROUPS_AT_ONCE = 4;

/** The longest rest after a round that went well; shorter pauses are those after a failed one. */
const BEAT_MS = 60_000;

/** Every schedule is looked at so often even if nothing seems due: whatever was missed is found. */
const LOOK_AT_ALL_MS = 10 * 60_000;

/**
 * Makes runs of schedules' ticks. Every minute's beat begins a look; between two beats it wakes for moments within the minute.
 * Any number of agents do this side by side; whoever is first decides.
 */
export class Scheduler implements Service {
  readonly name = 'schedules';
  readonly #options: SchedulerOptions;
  #seen: readonly Schedule[] = [];
  #entries: readonly Entry[] = [];
  #lookAtAllAt = 0;
  #wake = createStop();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound } = this.#options;
    const pause = (ms: number, until: AbortSignal) => (ms < BEAT_MS ? clock.sleep(ms, until) : this.#rest(until));
    const backoff = { idleMs: BEAT_MS, maxBackoffMs: BEAT_MS / 2 };
    await poll({ name: this.name, clock, stop, ...backoff, onTrouble, onRound, pause }, async () => {
      await this.round(stop);
      return 'idle';
    });
  }

  /** Has the schedules looked at anew: they may have changed. */
  wake(): void {
    this.#wake.abort();
  }

  /** Decides about everything that is due. */
  async round(stop: AbortSignal): Promise<void> {
    this.#refresh();
    for (let due = this.#due(); due.length > 0 && !stop.aborted; due = this.#due()) await this.#decide(due, stop);
  }

  /** What has changed in the files is looked at once whatever is due: so it gets on record. */
  #refresh(): void {
    const { current, clock } = this.#options;
    const schedules = current();
    const now = clock.now();
    if (schedules !== this.#seen) {
      const known = new Map(this.#entries.map((entry) => [entry.schedule, entry]));
      this.#entries = schedules.map((schedule) => known.get(schedule) ?? { schedule, nextAt: now, known: undefined });
      this.#seen = schedules;
    }
    if (now < this.#lookAtAllAt) return;
    this.#lookAtAllAt = now + LOOK_AT_ALL_MS;
    for (const entry of this.#entries) {
      entry.nextAt = now;
      entry.known = undefined;
    }
  }

  /** Each agent begins elsewhere, so that several of them seldom meet over the same schedules. */
  #due(): readonly Entry[] {
    const { clock, decide } = this.#options;
    const now = clock.now();
    const due = this.#entries.filter(({ nextAt }) => nextAt !== undefined && nextAt <= now);
    const begin = createHash('sha256').update(decide.by).digest().readUInt32BE(0) % Math.max(due.length, 1);
    return [...due.slice(begin), ...due.slice(0, begin)];
  }

  /** What was decided is told when all is decided: launching the first ones must not make the last ones late. */
  async #decide(due: readonly Entry[], stop: AbortSignal): Promise<void> {
    const groups = Array.from({ length: Math.ceil(due.length / GROUP) }, (_, i) =>
      due.slice(i * GROUP, (i + 1) * GROUP),
    );
    const decided: Recorded[] = [];
    const takeGroups = async (): Promise<void> => {
      for (let group = groups.shift(); group !== undefined && !stop.aborted; group = groups.shift())
        decided.push(...(await this.#decideGroup(group)));
    };
    try {
      await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, takeGroups));
    } finally {
      for (const one of decided) this.#tell(one);
    }
  }

  async #decideGroup(group: readonly Entry[]): Promise<readonly Recorded[]> {
    const { decide, clock } = this.#options;
    const wanted = group.map(({ schedule, known }) => ({ schedule, ...(known ? { known } : {}) }));
    const decided = await decideSchedules(decide, wanted);
    for (const [index, one] of decided.entries()) {
      const entry = group[index];
      if (entry === undefined) continue;
      entry.nextAt = this.#nextLook(one);
      entry.known = one.lost ? undefined : one.state;
    }
    return decided.map((one) => ({ ...one, recordedAt: clock.now() }));
  }

  #nextLook({ schedule, state, lost, hasMore }: DecidedSchedule): number | undefined {
    const { clock, waitingMs } = this.#options;
    if (lost || hasMore) return clock.now();
    const tick = schedule.enabled ? nextTick(schedule, state.cursor) : undefined;
    return soonest([tick, state.waiting.length > 0 ? clock.now() + waitingMs : undefined]);
  }

  #tell({ schedule, made, skipped, recordedAt }: Recorded): void {
    const { log, onMade, onTick } = this.#options;
    const facts = { flow: schedule.flow, schedule: schedule.id };
    for (const run of made) {
      const at = run.tick?.at ?? 0;
      log.info('schedule.fired', { ...facts, runId: run.runId, tick: isoSeconds(at), ms: recordedAt - at });
      onTick?.(run, recordedAt - at);
      onMade(run);
    }
    for (const { reason, from, count } of skipped) {
      const evidence = `from ${isoSeconds(from)}: ${SKIP_WORDS[reason]}`;
      log.warn('schedule.skipped', { ...facts, code: reason, count, evidence });
    }
  }

  /** Until the next beat, the next moment within the minute, or a change of the schedules. */
  async #rest(stop: AbortSignal): Promise<void> {
    const { beat, clock, current } = this.#options;
    if (current() !== this.#seen) return;
    const nextAt = soonest([...this.#entries.map((entry) => entry.nextAt), this.#lookAtAllAt]) ?? 0;
    const rested = createStop();
    const end = (): void => rested.abort();
    this.#wake = rested;
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    await Promise.race([beat.next(rested.signal), clock.sleep(Math.max(nextAt - clock.now(), 0), rested.signal)]);
    stop.removeEventListener('abort', end);
    end();
  }
}

function soonest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}
