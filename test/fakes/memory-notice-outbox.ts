import type { NoticeOutbox, PendingNotice } from '../../src/core/notice-outbox.ts';
import type { FinishedRun } from '../../src/core/run.ts';

/** An outbox in memory, in the order in which runs were put in. */
export class MemoryNoticeOutbox implements NoticeOutbox {
  readonly #entries = new Map<string, { run: FinishedRun; told: Set<string> }>();
  /** Writes fail from now on, as if the agent had died. */
  isDead = false;

  put(run: FinishedRun): void {
    this.#entries.set(run.runId, { run, told: new Set() });
  }

  async pending(limit: number): Promise<readonly string[]> {
    return [...this.#entries.keys()].slice(0, limit);
  }

  async read(runId: string): Promise<PendingNotice | undefined> {
    const entry = this.#entries.get(runId);
    return entry && { run: entry.run, told: new Set(entry.told) };
  }

  async noteTold(runId: string, ...sinks: readonly string[]): Promise<void> {
    this.#refuseIfDead();
    for (const sink of sinks) this.#entries.get(runId)?.told.add(sink);
  }

  async remove(runId: string): Promise<void> {
    this.#refuseIfDead();
    this.#entries.delete(runId);
  }

  #refuseIfDead(): void {
    if (this.isDead) throw new Error('dead');
  }
}
