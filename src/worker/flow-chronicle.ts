import type { Json, JsonMap } from '../core/json.ts';
import type { ReportMethod } from '../core/run-details.ts';
import type { FlowLog } from '../sdk/flow-context.ts';
import type { FlowReport } from '../sdk/report.ts';
import type { ToldEvent } from './flow-messages.ts';
import type { DetailRecorder } from './record-details.ts';
import type { SecretMask } from './secret-mask.ts';
import { StepBook } from './step-book.ts';

/** Keeps what the flow's process tells: on the run's record, and as lines of its log. */
export class FlowChronicle {
  readonly #book = new StepBook();
  readonly #recorder: DetailRecorder;
  readonly #log: FlowLog;
  readonly #mask: SecretMask;

  constructor(recorder: DetailRecorder, log: FlowLog, mask: SecretMask) {
    this.#recorder = recorder;
    this.#log = log;
    this.#mask = mask;
  }

  /** Takes events as they came. */
  note(json: string): void {
    const events: readonly ToldEvent[] = JSON.parse(json);
    for (const event of events) this.#note('error' in event ? { ...event, error: this.#mask(event.error) } : event);
  }

  #note(event: ToldEvent): void {
    for (const step of this.#book.note(event)) this.#recorder.step(step);
    if (event.kind === 'report') this.#report(event);
    this.#say(event);
  }

  /** No more will come. */
  close(at: number): void {
    for (const step of this.#book.interrupt(at)) this.#recorder.step(step);
  }

  #report({ step, index, report, at }: Extract<ToldEvent, { kind: 'report' }>): void {
    // How far a step is stands with the step.
    if (report.type === 'progress' && step !== undefined) return;
    const place = { ...(step === undefined ? {} : { step }), ...(index === undefined ? {} : { index }) };
    this.#recorder.report({ at, ...place, ...inPipesWords(report) });
  }

  #say(event: ToldEvent): void {
    const { kind, at: _at, ...facts } = event;
    const { level, name } = LINES[kind];
    if (event.kind !== 'report') this.#log[level](name, facts);
    else
      this.#log[level](`report.${event.report.type}`, { ...facts, report: undefined, ...headOfReport(event.report) });
  }
}

/** How each event stands in the log. Of ten thousand elements, those that go well are not worth a line. */
const LINES = {
  'flow-started': { level: 'debug', name: 'flow.started' },
  'step-started': { level: 'info', name: 'step.started' },
  'try-started': { level: 'debug', name: 'step.try-started' },
  'try-failed': { level: 'warn', name: 'step.try-failed' },
  'item-finished': { level: 'debug', name: 'step.item-finished' },
  'step-finished': { level: 'info', name: 'step.finished' },
  'step-failed': { level: 'error', name: 'step.failed' },
  report: { level: 'info', name: 'report' },
} as const satisfies Record<ToldEvent['kind'], { readonly level: keyof FlowLog; readonly name: string }>;

/** Enough to find it on the record; the rest may be large. */
function headOfReport(report: FlowReport): JsonMap {
  if (report.type === 'materialization') return { assetKey: report.assetKey };
  if (report.type === 'check') return { assetKey: report.assetKey, checkName: report.checkName, passed: report.passed };
  return report.type === 'progress' ? { done: report.done, total: report.total ?? null } : {};
}

/** The same report by the names of Dagster Pipes, so that what reads the one reads the other. */
function inPipesWords(report: FlowReport): { readonly method: ReportMethod; readonly params: Json } {
  switch (report.type) {
    case 'materialization': {
      const { assetKey: asset_key, metadata = null, dataVersion: data_version = null } = report;
      return { method: 'report_asset_materialization', params: { asset_key, metadata: plain(metadata), data_version } };
    }
    case 'check': {
      const { assetKey: asset_key, checkName: check_name, passed, severity, metadata = null } = report;
      const params = { asset_key, check_name, passed, severity, metadata: plain(metadata) };
      return { method: 'report_asset_check', params };
    }
    case 'message':
      return { method: 'report_custom_message', params: { payload: plain(report.payload) } };
    case 'progress': {
      const { done, total = null, text = null } = report;
      return { method: 'report_progress', params: { done, total, text } };
    }
    default:
      return report satisfies never;
  }
}

/** It has come as JSON, and so it is. */
function plain(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value ?? null));
  return json;
}
