/** What a flow tells about its data while it runs; kept on the run's record, beside the logs. */
export interface Report {
  /** An asset has been written: a table, a file, a model. */
  materialization(
    assetKey: string,
    facts?: { readonly metadata?: ReportMetadata; readonly dataVersion?: string },
  ): void;
  /** Whether an asset is as it should be. A failed check does not fail the run: to do that, throw. */
  check(
    assetKey: string,
    checkName: string,
    passed: boolean,
    facts?: { readonly severity?: CheckSeverity; readonly metadata?: ReportMetadata },
  ): void;
  /** Anything else that JSON can say. */
  message(payload: unknown): void;
  /** How far the work is: `done` of `total`, in whatever unit. */
  progress(done: number, total?: number, text?: string): void;
}

export type CheckSeverity = 'WARN' | 'ERROR';

/** Plain values, or `{ type, raw_value }` as Dagster Pipes has them. */
export type ReportMetadata = Readonly<Record<string, unknown>>;

/** One report, as data. */
export type FlowReport =
  | {
      readonly type: 'materialization';
      readonly assetKey: string;
      readonly metadata?: ReportMetadata;
      readonly dataVersion?: string;
    }
  | {
      readonly type: 'check';
      readonly assetKey: string;
      readonly checkName: string;
      readonly passed: boolean;
      readonly severity: CheckSeverity;
      readonly metadata?: ReportMetadata;
    }
  | { readonly type: 'message'; readonly payload: unknown }
  | { readonly type: 'progress'; readonly done: number; readonly total?: number; readonly text?: string };

/** The face that a flow sees of whatever takes its reports. */
export function reporter(take: (report: FlowReport) => void): Report {
  return {
    materialization: (assetKey, facts = {}) => take({ type: 'materialization', assetKey, ...facts }),
    check: (assetKey, checkName, passed, { severity = 'ERROR', ...facts } = {}) =>
      take({ type: 'check', assetKey, checkName, passed, severity, ...facts }),
    message: (payload) => take({ type: 'message', payload }),
    progress: (done, total, text) =>
      take({
        type: 'progress',
        done,
        ...(total === undefined ? {} : { total }),
        ...(text === undefined ? {} : { text }),
      }),
  };
}
