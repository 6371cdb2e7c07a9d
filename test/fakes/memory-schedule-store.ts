import type { ScheduleState } from '../../src/core/schedules/schedule-state.ts';
import type { CommitOutcome, ScheduleChange, ScheduleStore } from '../../src/core/schedules/schedule-store.ts';
import type { MemoryRunStore } from './memory-run-store.ts';

/** The record of schedules in memory, as text like that of runs. */
export class MemoryScheduleStore implements ScheduleStore {
  readonly #records = new Map<string, string>();
  readonly #runs: MemoryRunStore;
  /** Each call before it is carried out; a test fails it by throwing, or holds it up. */
  onCall: (name: 'getMany' | 'create' | 'commit') => void | Promise<void> = () => {};
  /** Each commit after it is carried out and before it is answered: by throwing, a test loses the answer. */
  onCommitted: () => void | Promise<void> = () => {};

  constructor(runs: MemoryRunStore) {
    this.#runs = runs;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, ScheduleState>> {
    await this.onCall('getMany');
    return new Map(ids.flatMap((id) => this.peek(id) ?? []).map((state) => [state.id, state]));
  }

  async *all(): AsyncIterable<readonly ScheduleState[]> {
    yield [...this.#records.keys()].flatMap((id) => this.peek(id) ?? []);
  }

  async create(state: ScheduleState): Promise<ScheduleState> {
    await this.onCall('create');
    const first = this.peek(state.id);
    if (first === undefined) this.seed(state);
    return first ?? state;
  }

  async commit(changes: readonly ScheduleChange[]): Promise<readonly CommitOutcome[]> {
    await this.onCall('commit');
    const outcomes = changes.map((change) => this.#commit(change));
    await this.onCommitted();
    return outcomes;
  }

  async remove({ id, version }: ScheduleState): Promise<boolean> {
    const isUnchanged = this.peek(id)?.version === version;
    if (isUnchanged) this.#records.delete(id);
    return isUnchanged;
  }

  peek(id: string): ScheduleState | undefined {
    const record = this.#records.get(id);
    return record === undefined ? undefined : JSON.parse(record);
  }

  seed(state: ScheduleState): void {
    this.#records.set(state.id, JSON.stringify(state));
  }

  #commit({ from, to, runs }: ScheduleChange): CommitOutcome {
    if (this.peek(from.id)?.version !== from.version) return 'lost';
    this.seed(to);
    for (const run of runs) if (this.#runs.peek(run.runId) === undefined) this.#runs.seed(run);
    return 'done';
  }
}
