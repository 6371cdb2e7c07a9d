import { canonicalJson } from './canonical-json.ts';
import type { JsonMap } from './json.ts';

/** A published version of a flow. */
export interface FlowRecord {
  readonly flow: string;
  readonly version: string;
  readonly description?: string;
  /** `s3://` address of the artifact. */
  readonly artifactS3Uri: string;
  /** Of the artifact's bytes, in hexadecimal. */
  readonly sha256: string;
  /** Size of the artifact. */
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  /** `flow_spec.json`, as text. */
  readonly spec: string;
  /** How to run it: the keys of a flow's YAML file, besides those that the artifact says itself. */
  readonly settings: JsonMap;
}

/** What a list of flows tells of each. */
export type FlowSummary = Omit<FlowRecord, 'spec' | 'settings'>;

export type PublishOutcome =
  | { readonly kind: 'published' }
  /** The same content was published before. */
  | { readonly kind: 'unchanged' }
  /** The version stands for other content. */
  | { readonly kind: 'taken'; readonly record: FlowRecord };

/** The published flows. Beside them are those of YAML files, which win by name and version. */
export interface FlowCatalogue {
  /** `latest` is the highest version; names of branches are found only by their name. */
  find(flow: string, version: string): Promise<FlowRecord | undefined>;
  /** By name, then by version, the highest first; of one flow only, if it is named. */
  list(flow?: string): Promise<readonly FlowSummary[]>;
  /** A version is for ever what it was first published as, unless `replace` says otherwise. */
  publish(record: FlowRecord, options?: { readonly replace?: boolean }): Promise<PublishOutcome>;
}

/** Whether two records of a version mean the same code, run in the same way. */
export function isSameContent(a: FlowRecord, b: FlowRecord): boolean {
  return a.sha256 === b.sha256 && canonicalJson(a.settings) === canonicalJson(b.settings);
}
