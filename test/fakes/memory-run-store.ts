import { assertLegalMove } from '../../src/core/assert-legal-move.ts';
import { FairDeal } from '../../src/core/fair-deal.ts';
import { laneOf } from '../../src/core/lane.ts';
import { type FlowRun, type InFlightRun, isInFlight, type LaunchingRun, type QueuedRun } from '../../src/core/run.ts';
import {
  type Accepted,
  type ClaimOutcome,
  NOBODY,
  type QueuedSkip,
  type RunPage,
  type RunQuery,
  type RunStore,
} from '../../src/core/run-store.ts';
import { IN_FLIGHT_SHARDS, inFlightShardOf } from '../../src/core/shards.ts';
import { hasRoom, slotMoves } from '../../src/core/slots.ts';
import { latenessOf } from '../../src/core/start-limit.ts';

const DAY_MS = 86_400_000;

/**
 * The record of runs in memory. As in DynamoDB, a record is text: what was read or given can be changed without changing
 * it, and what JSON cannot say is lost.
 */
export class MemoryRunStore implements RunStore {
  readonly #records = new Map<string, string>();
  readonly #deal = new FairDeal();
  readonly #holders = new Map<string, Set<string>>();
  /** Each call, before it is carried out; a test fails one by throwing, or changes a record behind the caller's back. */
  onCall: (call: StoreCall) => void | Promise<void> = () => {};
  /** Each write, after it is carried out and before it is answered: by throwing, a test loses the answer. */
  onWritten: (run: FlowRun) => void = () => {};

  async accept(run: FlowRun): Promise<Accepted> {
    await this.onCall({ name: 'accept', runId: run.runId });
    const first = this.#read(run.runId);
    if (first) return { run: first, isNew: false };
    this.#write(run);
    return { run, isNew: true };
  }

  async get(runId: string): Promise<FlowRun | undefined> {
    await this.onCall({ name: 'get', runId });
    return this.#read(runId);
  }

  async getMany(runIds: readonly string[]): Promise<readonly FlowRun[]> {
    return runIds.flatMap((runId) => this.#read(runId) ?? []);
  }

  async move<To extends FlowRun>(from: FlowRun, to: To): Promise<To | undefined> {
    assertLegalMove(from, to);
    await this.onCall({ name: 'move', runId: from.runId, to });
    const current = this.#read(from.runId);
    if (!current) throw new Error(`run ${from.runId} is no longer on record`);
    if (current.version !== from.version) return undefined;
    if (slotMoves(from, to).taken.length > 0) throw new Error(`run ${from.runId}: only a claim takes slots`);
    this.#moveSlots(from, to);
    this.#write(to);
    return to;
  }

  async claim(from: QueuedRun, to: LaunchingRun): Promise<ClaimOutcome> {
    assertLegalMove(from, to);
    await this.onCall({ name: 'move', runId: from.runId, to });
    const current = this.#read(from.runId);
    if (!current) throw new Error(`run ${from.runId} is no longer on record`);
    if (current.version !== from.version) return { kind: 'lost' };
    for (const slot of slotMoves(from, to).taken) {
      const holders = this.#holdersOf(slot.key);
      if (!hasRoom(holders, slot, from.runId)) return { kind: 'full', slot: { ...slot, holders } };
    }
    this.#moveSlots(from, to);
    this.#write(to);
    return { kind: 'claimed', run: to };
  }

  async slotHolders(key: string): Promise<readonly string[]> {
    return this.#holdersOf(key);
  }

  async freeSlot(key: string, runId: string, seen: FlowRun | undefined): Promise<boolean> {
    if (this.#read(runId)?.version !== seen?.version) return false;
    this.#holders.get(key)?.delete(runId);
    return true;
  }

  async queued(now: number, limit: number, skip: QueuedSkip = NOBODY): Promise<readonly QueuedRun[]> {
    const runs = new Map(this.#all().map((run) => [run.runId, run]));
    const entries = [...runs.values()]
      .filter((run): run is QueuedRun => run.status === 'QUEUED' && run.notBefore <= now)
      .map((run) => ({ ...laneOf(run), run, runId: run.runId, priority: run.request.priority, dueAt: dueAt(run) }))
      .filter(({ runId, lane }) => !skip.run(runId) && !skip.lane(lane));
    return this.#deal.deal(entries, limit).map(({ run }) => run);
  }

  async *overdue(now: number): AsyncIterable<readonly QueuedRun[]> {
    const queued = this.#all().filter((run): run is QueuedRun => run.status === 'QUEUED');
    const late = queued.filter((run) => latenessOf(run, now) !== undefined);
    if (late.length > 0) yield late;
  }

  async *inFlight(shards: readonly string[] = IN_FLIGHT_SHARDS): AsyncIterable<readonly InFlightRun[]> {
    const runs = this.#all()
      .filter(isInFlight)
      .filter(({ runId }) => shards.includes(inFlightShardOf(runId)));
    if (runs.length > 0) yield runs;
  }

  async list({ flow, status, since, until, limit, cursor }: RunQuery): Promise<RunPage> {
    const oldest = since ?? (flow === undefined ? until - 31 * DAY_MS : 0);
    const below = cursor ?? `${new Date(until).toISOString()}#~`;
    const found = this.#all()
      .filter((run) => timeKey(run) < below && run.requestedAt >= oldest)
      .filter((run) => (flow ?? run.request.flow) === run.request.flow && (status ?? run.status) === run.status)
      .sort((a, b) => (timeKey(a) < timeKey(b) ? 1 : -1));
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    return last !== undefined && found.length > limit ? { runs, cursor: timeKey(last) } : { runs };
  }

  /** Puts a run there as it is, without asking anybody: a test's starting point, or what somebody else wrote meanwhile. */
  seed(run: FlowRun): void {
    this.#records.set(run.runId, JSON.stringify(run));
  }

  /** Loses a record, as somebody may do by hand. */
  forget(runId: string): void {
    this.#records.delete(runId);
  }

  /** The run as it is, past `onCall`. */
  peek(runId: string): FlowRun | undefined {
    return this.#read(runId);
  }

  #holdersOf(key: string): readonly string[] {
    return [...(this.#holders.get(key) ?? [])].sort();
  }

  #moveSlots(from: FlowRun, to: FlowRun): void {
    const { taken, freed } = slotMoves(from, to);
    for (const { key } of taken) this.#holders.set(key, new Set([...this.#holdersOf(key), to.runId]));
    for (const { key } of freed) this.#holders.get(key)?.delete(to.runId);
  }

  #all(): FlowRun[] {
    return [...this.#records.values()].map((record): FlowRun => JSON.parse(record));
  }

  #read(runId: string): FlowRun | undefined {
    const record = this.#records.get(runId);
    return record === undefined ? undefined : JSON.parse(record);
  }

  #write(run: FlowRun): void {
    this.seed(run);
    this.onWritten(run);
  }
}

export type StoreCall =
  | { readonly name: 'accept' | 'get'; readonly runId: string }
  | { readonly name: 'move'; readonly runId: string; readonly to: FlowRun };

function dueAt({ notBefore }: QueuedRun): string {
  return new Date(notBefore).toISOString();
}

function timeKey(run: FlowRun): string {
  return `${new Date(run.requestedAt).toISOString()}#${run.runId}`;
}
