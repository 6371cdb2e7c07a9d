import pLimit from 'p-limit';
import { type FlowRun, type InFlightRun, isInFlight, type LaunchingRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { lastSlots } from '../core/slots.ts';
import { observeRuns, type WatchedRun } from '../runs/observe-runs.ts';
import { type RecoverDeps, recoverLaunch } from '../runs/recover-launch.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import type { WorkerListener } from './listen-to-workers.ts';
import { logMove } from './log-move.ts';
import type { ShardKeeper } from './shard-keeper.ts';

export interface WatchOptions {
  readonly store: RunStore;
  readonly recover: RecoverDeps;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Whether a launch of this run is under way in this process. */
  readonly isBeingLaunched: (runId: string) => boolean;
  /** Which runs are this agent's to watch, and which agents are known to be dead. */
  readonly shards: Pick<ShardKeeper, 'shards' | 'watches' | 'isGone'>;
  /** Hears the signs of life of workers, of which one that is silent for too long is stopped; without it none is. */
  readonly workers?: Pick<WorkerListener, 'listen' | 'silenceOf' | 'keepOnly'> | undefined;
  /** Told of a run that goes back to the queue. */
  readonly onQueued: (run: FlowRun) => void;
  /** Told once it is known for the first time which runs are in flight. */
  readonly onFirstScan?: () => void;
  /** Told of the limits under which a run has given its place back. */
  readonly onFreed: (keys: readonly string[]) => void;
  /** Told of each move of a run that this watcher has made. */
  readonly onMove?: ((run: FlowRun) => void) | undefined;
  readonly pace: WatchPace;
}

export interface WatchPace {
  /** Pause between rounds. */
  readonly roundMs: number;
  /** A run is looked at so soon after its launch, and later less often… */
  readonly soonestMs: number;
  /** …but at least this often. */
  readonly latestMs: number;
  /** The runs in flight of our shards are read from the store this often: those that another agent launched, for example. */
  readonly scanMs: number;
}

/** How long a launch of an agent with our name may stand still before we take it for our own from before a restart. */
const NAMESAKE_PATIENCE_MS = 3_000;

/** A run of our own launch is looked at for so long whoever watches its shard: most that go wrong do so soon. */
const EARLY_MS = 60_000;

/** Runs that are read, observed and settled together; a DescribeTasks call takes as many. */
const SLICE = 100;

/** Slices in hand at once: a sweep of ten thousand tasks waits for its rate, not for one answer after the other. */
const SLICES_AT_ONCE = 4;

interface Watched {
  readonly since: number;
  dueAt: number;
  /** Whether this agent has launched it, and it takes up room: what waits for capacity does not. */
  isOurs: boolean;
  /** Something is said to have changed: it is looked at once, whoever watches it. */
  isHinted: boolean;
  /** The version last read, and when it was first read, by the monotonic clock. */
  version: number;
  versionSince: number;
}

/** Looks after runs in flight until each has ended: soon after the launch often, later seldom. */
export class RunWatcher implements Service {
  readonly name = 'watch';
  readonly #options: WatchOptions;
  readonly #watched = new Map<string, Watched>();
  #troubles: ReadonlySet<string> = new Set();
  #scanDueAt = 0;
  #hasScanned = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Whether it is known which runs are in flight: before that nobody knows how much room there is. */
  get hasScanned(): boolean {
    return this.#hasScanned;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Of the watched runs, those that this agent has launched and that take up its room. */
  get ownSize(): number {
    let count = 0;
    for (const { isOurs } of this.#watched.values()) if (isOurs) count += 1;
    return count;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound, pace } = this.#options;
    await poll(
      { name: this.name, clock, stop, idleMs: pace.roundMs, maxBackoffMs: 30_000, onTrouble, onRound },
      async () => {
        if (clock.monotonic() >= this.#scanDueAt) await this.scan();
        await this.look(stop);
        return 'idle';
      },
    );
  }

  /** Watches a run from now on. */
  add(runId: string, isOurs = false): void {
    const now = this.#options.clock.monotonic();
    if (this.#watched.has(runId)) return;
    const dueAt = now + this.#options.pace.soonestMs;
    this.#watched.set(runId, { since: now, dueAt, isOurs, isHinted: false, version: 0, versionSince: now });
  }

  /** Looks at the run in the next round: something is said to have changed. */
  hint(runId: string): void {
    this.add(runId);
    const entry = this.#watched.get(runId);
    if (entry) Object.assign(entry, { dueAt: this.#options.clock.monotonic(), isHinted: true });
  }

  /** Looks at every run in the next round, and at which there are. */
  hurry(): void {
    this.#scanDueAt = 0;
    for (const entry of this.#watched.values()) entry.dueAt = 0;
  }

  /** Reads which runs are in flight in our shards; the first time also which of all are ours from before a restart. */
  async scan(): Promise<void> {
    const { clock, pace } = this.#options;
    // Said first: a shard that comes to us while we read asks for the next scan at once.
    this.#scanDueAt = clock.monotonic() + pace.scanMs;
    try {
      await this.#readInFlight();
    } catch (error) {
      this.#scanDueAt = 0;
      throw error;
    }
    const isFirst = !this.#hasScanned;
    this.#hasScanned = true;
    this.#leaveToOthers();
    if (isFirst) this.#options.onFirstScan?.();
  }

  async #readInFlight(): Promise<void> {
    const { store, shards, recover } = this.#options;
    for await (const runs of store.inFlight(this.#hasScanned ? shards.shards : undefined)) {
      for (const run of runs) {
        const isOurs = launchedBy(run) === recover.by;
        if (isOurs || shards.watches(run.runId)) this.add(run.runId, isOurs);
      }
    }
  }

  #leaveToOthers(): void {
    for (const [runId, { isOurs, isHinted }] of this.#watched) {
      if (!isOurs && !isHinted && !this.#options.shards.watches(runId)) this.#watched.delete(runId);
    }
    this.#options.workers?.keepOnly((runId) => this.#watched.has(runId));
  }

  /** The next round reads again what is in flight. */
  scanSoon(): void {
    this.#scanDueAt = 0;
  }

  /** Looks at every run that is due, or with `all` at every one, a hundred at a time. */
  async look(stop: AbortSignal, all = false): Promise<void> {
    const now = this.#options.clock.monotonic();
    const due = [...this.#watched].filter(([, { dueAt }]) => all || dueAt <= now).map(([runId]) => runId);
    if (due.length === 0) return;
    const slices = Array.from({ length: Math.ceil(due.length / SLICE) }, (_, i) =>
      due.slice(i * SLICE, (i + 1) * SLICE),
    );
    const troubles: unknown[] = [];
    const limit = pLimit(SLICES_AT_ONCE);
    const looks = slices.map((runIds) => limit(() => this.#lookAt(runIds, troubles, stop)));
    const failed = (await Promise.allSettled(looks)).find((outcome) => outcome.status === 'rejected');
    this.#tellTroubles(stop.aborted ? [] : troubles);
    if (failed !== undefined) throw failed.reason;
  }

  async #lookAt(runIds: readonly string[], troubles: unknown[], stop: AbortSignal): Promise<void> {
    const { store, recover, clock, workers } = this.#options;
    const runs = await store.getMany(runIds);
    const now = clock.monotonic();
    const ours = runs.filter(({ runId }) => this.#looksAt(runId, now));
    for (const run of runs) this.#note(run, now);
    this.#dropAllBut(runIds, runs);
    const onTrouble = (error: unknown) => troubles.push(error);
    await workers?.listen(ours).catch(onTrouble);
    const silenceOf = (run: WatchedRun) => workers?.silenceOf(run);
    const changed = await observeRuns({ ...recover, silenceOf }, ours.filter(isWatched), onTrouble, stop);
    const recovered = await this.#recoverAll(ours, now, onTrouble, stop);
    for (const run of [...changed, ...recovered]) this.#follow(run);
  }

  /** The same trouble round after round is one story: its beginning is told, and its end. */
  #tellTroubles(troubles: readonly unknown[]): void {
    const { log } = this.#options;
    const told = [...new Set(troubles.map(describeError))];
    for (const error of told) if (!this.#troubles.has(error)) log.warn('observe.failed', { error });
    if (told.length === 0 && this.#troubles.size > 0) log.info('observe.recovered');
    this.#troubles = new Set(told);
  }

  /** What cannot be read is not ours to watch: without a record, or with one that only a later version understands. */
  #dropAllBut(runIds: readonly string[], runs: readonly FlowRun[]): void {
    const read = new Set(runs.map(({ runId }) => runId));
    for (const runId of runIds) if (!read.has(runId)) this.#watched.delete(runId);
  }

  /** Of a run of ours in another agent's shard, only the record is read: whether it still counts as in flight. */
  #looksAt(runId: string, now: number): boolean {
    const entry = this.#watched.get(runId);
    if (entry === undefined || entry.isHinted || this.#options.shards.watches(runId)) return true;
    return entry.isOurs && now - entry.since < EARLY_MS;
  }

  #note(run: FlowRun, now: number): void {
    const entry = this.#watched.get(run.runId);
    if (!isInFlight(run)) {
      this.#watched.delete(run.runId);
    } else if (entry) {
      const { pace, recover } = this.#options;
      const ageMs = recover.now() - launchedAtOf(run);
      if (entry.version !== run.version) Object.assign(entry, { version: run.version, versionSince: now });
      entry.isOurs = launchedBy(run) === this.#options.recover.by && !isUnplaced(run);
      entry.isHinted = false;
      entry.dueAt = now + Math.min(Math.max(ageMs / 5, pace.soonestMs), pace.latestMs);
    }
  }

  async #recoverAll(
    runs: readonly FlowRun[],
    now: number,
    onTrouble: (error: unknown) => void,
    stop: AbortSignal,
  ): Promise<readonly FlowRun[]> {
    const stranded = runs.filter(
      (run): run is LaunchingRun => run.status === 'LAUNCHING' && this.#isStranded(run, now),
    );
    const moves = await Promise.allSettled(stranded.map((run) => recoverLaunch(this.#options.recover, run, stop)));
    for (const move of moves) if (move.status === 'rejected') onTrouble(move.reason);
    return moves.flatMap((move) => (move.status === 'fulfilled' && move.value ? [move.value] : []));
  }

  /**
   * A launch without an outcome is ours to bring on when we hold it but no longer work on it, or when its holder has not
   * moved for long enough: by our own clock and the record's version, since clocks of two machines differ. Of an agent
   * of our own name that is soon: it is this agent before its restart, and a repeat under the same token harms nothing.
   */
  #isStranded(run: LaunchingRun, now: number): boolean {
    const { recover, isBeingLaunched, shards } = this.#options;
    if (isBeingLaunched(run.runId)) return false;
    const isNamesake = run.lease.owner === recover.by;
    if (isNamesake && run.lease.instance === recover.instance) return true;
    if (shards.isGone(run.lease.instance)) return true;
    const entry = this.#watched.get(run.runId);
    // Of a cancelled run the look-up decides, so a launch that is still on its way must have come to an end.
    const patienceMs = isNamesake && !run.cancel ? NAMESAKE_PATIENCE_MS : recover.leaseMs;
    return entry !== undefined && now - entry.versionSince >= patienceMs;
  }

  #follow(run: FlowRun): void {
    logMove(this.#options.log, run);
    this.#options.onMove?.(run);
    if (isInFlight(run)) return;
    this.#watched.delete(run.runId);
    this.#options.onFreed(lastSlots(run).map(({ key }) => key));
    if (run.status === 'QUEUED') this.#options.onQueued(run);
  }
}

function isWatched(run: FlowRun): run is WatchedRun {
  return run.status === 'STARTING' || run.status === 'RUNNING';
}

function isUnplaced(run: FlowRun): boolean {
  return run.status === 'LAUNCHING' && run.unplaced !== undefined;
}

function launchedBy({ history }: FlowRun): string | undefined {
  return history.findLast(({ status }) => status === 'LAUNCHING')?.by;
}

/** Whoever launched it: a run that was adopted after a restart is not looked at as often as a new one. */
function launchedAtOf(run: InFlightRun): number {
  return run.status === 'LAUNCHING' ? run.intent.createdAt : run.task.launchedAt;
}
