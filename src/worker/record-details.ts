import type { FileStore } from '../core/file-store.ts';
import type { Json } from '../core/json.ts';
import type { RunDetailStore, RunReport, StepRecord } from '../core/run-details.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { backOff } from './backoff.ts';
import { maskedJson, type SecretMask } from './secret-mask.ts';

export interface DetailDeps {
  readonly details: RunDetailStore;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly runId: string;
  readonly attempt: number;
  /** Until when what is put is kept (epoch milliseconds); for ever if left out or undefined. */
  readonly keptUntil?: () => number | undefined;
  /** For reports that do not fit the table. */
  readonly bucket: string | undefined;
  readonly mask: SecretMask;
}

/** What was said, without what the recorder knows. */
export type SaidReport = Omit<RunReport, 'attempt' | 'number' | 'at'> & { readonly at?: number };
export type SaidStep = Omit<StepRecord, 'attempt'>;

/** So long changes are gathered: a step of ten thousand elements is one write a second, not one for each. */
const GATHER_MS = 1_000;
const LAST_TRIES = 6;

/** A DynamoDB item takes 400 KB; a report of more than this is a file. */
const MAX_INLINE_BYTES = 64 * 1024;
const MAX_REPORTS = 10_000;
const MAX_HELD_BYTES = 32 * 1024 ** 2;

const NEVER = new AbortController().signal;

/**
 * Puts steps and reports on record, a little later and several at a time. The run does not wait for it and does not fail
 * with it: what cannot be written is said in the log.
 */
export class DetailRecorder {
  readonly #deps: DetailDeps;
  readonly #ending = new AbortController();
  readonly #steps = new Map<number, StepRecord>();
  #reports: RunReport[] = [];
  #heldBytes = 0;
  #count = 0;
  #lost = 0;
  #isFailing = false;
  #loop: Promise<void> | undefined;

  constructor(deps: DetailDeps) {
    this.#deps = deps;
  }

  step(step: SaidStep): void {
    this.#steps.set(step.order, { ...step, attempt: this.#deps.attempt });
    this.#begin();
  }

  report(said: SaidReport): void {
    const params = maskedJson(said.params, this.#deps.mask);
    const bytes = sizeOf(params);
    if (this.#count >= MAX_REPORTS || this.#heldBytes + bytes > MAX_HELD_BYTES) {
      if (this.#lost === 0) this.#deps.log.warn('worker.reports-too-many', { count: this.#count });
      this.#lost += 1;
      return;
    }
    this.#count += 1;
    this.#heldBytes += bytes;
    const { clock, attempt } = this.#deps;
    this.#reports.push({ at: clock.now(), ...said, params, attempt, number: this.#count });
    this.#begin();
  }

  /** Writes what is left, with several tries; to be called once, after the last word. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
    for (let tries = 1; tries <= LAST_TRIES && !(await this.#flush()); tries += 1) {
      if (tries < LAST_TRIES) await backOff(this.#deps.clock, tries, NEVER);
    }
    const lost = this.#lost + this.#reports.length;
    if (lost > 0) this.#deps.log.error('worker.reports-lost', { count: lost });
  }

  #begin(): void {
    this.#loop ??= this.#gather();
  }

  async #gather(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#ending.signal.aborted) {
      await clock.sleep(GATHER_MS, this.#ending.signal);
      if (!this.#ending.signal.aborted) await this.#flush();
    }
  }

  /** Whether all that was there is on record. What is not is tried again, unless something newer took its place. */
  async #flush(): Promise<boolean> {
    const { details, runId, log, keptUntil } = this.#deps;
    const until = keptUntil?.();
    const steps = [...this.#steps.values()];
    const reports = this.#reports;
    try {
      if (steps.length > 0) await details.putSteps(runId, steps, until);
      for (const step of steps) if (this.#steps.get(step.order) === step) this.#steps.delete(step.order);
      const fitting = await Promise.all(reports.map((own) => this.#fit(own)));
      if (fitting.length > 0) await details.putReports(runId, fitting, until);
      this.#reports = this.#reports.slice(reports.length);
      this.#heldBytes = this.#reports.reduce((sum, { params }) => sum + sizeOf(params), 0);
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) log.warn('worker.details-not-recorded', { error: describeError(error) });
      this.#isFailing = true;
      return false;
    }
  }

  /** The report as the table takes it: a large one is a file, and its place is recorded. */
  async #fit(report: RunReport): Promise<RunReport> {
    const { files, bucket, runId } = this.#deps;
    const bytes = sizeOf(report.params);
    if (bytes <= MAX_INLINE_BYTES) return report;
    if (bucket === undefined)
      return { ...report, params: { leftOut: `${bytes} bytes, and there is no bucket`, bytes } };
    const s3Uri = `${bucket}/reports/${runId}/${report.attempt}/${report.number}.json`;
    await files.put(s3Uri, JSON.stringify(report.params), { contentType: 'application/json' });
    return { ...report, params: { s3Uri, bytes } };
  }
}

function sizeOf(params: Json): number {
  return Buffer.byteLength(JSON.stringify(params));
}
