import {
  type FlowCatalogue,
  type FlowRecord,
  type FlowSummary,
  isSameContent,
  type PublishOutcome,
} from '../../src/core/flow-catalogue.ts';
import { compareVersions, latestVersion } from '../../src/core/version-order.ts';

export class MemoryFlowCatalogue implements FlowCatalogue {
  readonly #records = new Map<string, FlowRecord>();
  /** How often a record was looked for. */
  finds = 0;

  async find(flow: string, version: string): Promise<FlowRecord | undefined> {
    this.finds += 1;
    const all = [...this.#records.values()].filter((record) => record.flow === flow);
    const wanted = version === 'latest' ? latestVersion(all.map((record) => record.version)) : version;
    return all.find((record) => record.version === wanted);
  }

  async list(flow?: string): Promise<readonly FlowSummary[]> {
    return [...this.#records.values()]
      .filter((record) => flow === undefined || record.flow === flow)
      .map(({ spec: _spec, settings: _settings, ...summary }) => summary)
      .sort((a, b) => (a.flow === b.flow ? compareVersions(b.version, a.version) : a.flow < b.flow ? -1 : 1));
  }

  async publish(record: FlowRecord, { replace = false } = {}): Promise<PublishOutcome> {
    const key = `${record.flow}#${record.version}`;
    const known = this.#records.get(key);
    if (known !== undefined && !replace)
      return isSameContent(known, record) ? { kind: 'unchanged' } : { kind: 'taken', record: known };
    this.#records.set(key, record);
    return { kind: 'published' };
  }
}
