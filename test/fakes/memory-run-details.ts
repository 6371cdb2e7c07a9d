import type { Heartbeat, ReportPage, RunDetailStore, RunReport, StepRecord } from '../../src/core/run-details.ts';

/** What is known of runs beside their records, in memory; as text, like {@link MemoryRunStore}. */
export class MemoryRunDetails implements RunDetailStore {
  readonly #items = new Map<string, string>();
  /** Each write, before it is carried out; a test fails one by throwing. */
  onWrite: (kind: 'steps' | 'reports' | 'heartbeat') => void = () => {};

  /** Each reading of many heartbeats; a test fails one by throwing. */
  onRead: () => void = () => {};

  async putSteps(runId: string, steps: readonly StepRecord[]): Promise<void> {
    this.onWrite('steps');
    for (const step of steps) this.#put(`${runId} STEP#${key(step.attempt)}#${key(step.order)}`, step);
  }

  async putReports(runId: string, reports: readonly RunReport[]): Promise<void> {
    this.onWrite('reports');
    for (const report of reports) this.#put(`${runId} REPORT#${key(report.attempt)}#${key(report.number)}`, report);
  }

  async putHeartbeat(runId: string, heartbeat: Heartbeat): Promise<void> {
    this.onWrite('heartbeat');
    this.#put(`${runId} HEARTBEAT`, heartbeat);
  }

  async steps(runId: string): Promise<readonly StepRecord[]> {
    return this.#below(`${runId} STEP#`).map(([, record]): StepRecord => JSON.parse(record));
  }

  async reports(runId: string, limit: number, cursor = ''): Promise<ReportPage> {
    const all = this.#below(`${runId} REPORT#`).filter(([id]) => id > cursor);
    const page = all.slice(0, limit);
    const reports = page.map(([, record]): RunReport => JSON.parse(record));
    const last = page.at(-1)?.[0];
    return all.length > limit && last !== undefined ? { reports, cursor: last } : { reports };
  }

  async heartbeat(runId: string): Promise<Heartbeat | undefined> {
    const record = this.#items.get(`${runId} HEARTBEAT`);
    return record === undefined ? undefined : JSON.parse(record);
  }

  async heartbeats(runIds: readonly string[]): Promise<ReadonlyMap<string, Heartbeat>> {
    this.onRead();
    const found = await Promise.all(runIds.map(async (runId) => [runId, await this.heartbeat(runId)] as const));
    return new Map(found.flatMap(([runId, beat]) => (beat === undefined ? [] : [[runId, beat]])));
  }

  #put(id: string, record: object): void {
    this.#items.set(id, JSON.stringify(record));
  }

  #below(prefix: string): [string, string][] {
    return [...this.#items].filter(([id]) => id.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function key(number: number): string {
  return String(number).padStart(9, '0');
}
