import type { Fault } from '../core/fault.ts';
import type { FlowCatalogue, FlowRecord } from '../core/flow-catalogue.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunFacts } from '../core/run.ts';
import type { Clock } from '../service/clock.ts';
import type { FlowDefinition } from '../templates/flow-definition.ts';
import { publishedFlow } from '../templates/published-flow.ts';
import { withFlow } from '../templates/with-flow.ts';
import { findFlow, type Workspace } from '../templates/workspace.ts';

/** A flow, and the workspace in which its name stands for it. */
export interface FoundFlow {
  readonly flow: FlowDefinition;
  readonly workspace: Workspace;
}

/** Which flow a request means. */
export interface WantedFlow {
  readonly flow: string;
  readonly flowVersion: string;
  /** What `latest` of a published flow meant to the run's last attempt: the next one runs the same code, to take up its outputs. */
  readonly lastVersion?: string;
}

/** Which flow a run's next attempt means. */
export function wantedFlow({ request, attempts }: Pick<RunFacts, 'request' | 'attempts'>): WantedFlow {
  const { flow, flowVersion } = request;
  const lastVersion = attempts.findLast((ended) => ended.flowVersion !== undefined)?.flowVersion;
  return { flow, flowVersion, ...(lastVersion === undefined ? {} : { lastVersion }) };
}

export interface PublishedFlowsOptions {
  readonly catalogue: Pick<FlowCatalogue, 'find'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** For so long an answer of the catalogue holds: a burst of runs asks once, and what has just been published is run soon. */
const HOLDS_FOR_MS = 2_000;

interface Answer {
  readonly until: number;
  readonly record: Promise<FlowRecord | undefined>;
}

interface Read {
  readonly record: FlowRecord;
  readonly definition: Result<FlowDefinition, readonly Fault[]>;
}

/**
 * Finds what a request means, among the flows of YAML files and those that are published. A YAML flow wins by its name and
 * version, and the catalogue is not asked then; `latest` of a name that YAML has is YAML's version.
 */
export class PublishedFlows {
  readonly #options: PublishedFlowsOptions;
  readonly #answers = new Map<string, Answer>();
  /** What records say, read once for each set of defaults. */
  readonly #read = new Map<string, Read>();

  constructor(options: PublishedFlowsOptions) {
    this.#options = options;
  }

  /** Rejects when the catalogue cannot be asked. */
  async find(workspace: Workspace, wanted: WantedFlow): Promise<Result<FoundFlow, readonly Fault[]>> {
    const { flow: name, flowVersion } = wanted;
    const written = findFlow(workspace, name);
    if (written.ok && isVersion(written.value, flowVersion)) return ok({ flow: written.value, workspace });
    // A file with faults still stands for its name.
    if (workspace.brokenFlows.has(name) && !workspace.flows.has(name) && flowVersion === 'latest')
      return err(faultsOf(written));
    const record = await this.#recordFor(wanted);
    if (record === undefined) return err(written.ok ? [wrongVersion(written.value, flowVersion)] : written.error);
    const flow = this.#definitionOf(record, workspace);
    return flow.ok ? ok({ flow: flow.value, workspace: withFlow(workspace, flow.value) }) : flow;
  }

  async #recordFor({ flow, flowVersion, lastVersion }: WantedFlow): Promise<FlowRecord | undefined> {
    const last =
      flowVersion === 'latest' && lastVersion !== undefined ? await this.#recordOf(flow, lastVersion) : undefined;
    return last ?? this.#recordOf(flow, flowVersion);
  }

  #recordOf(flow: string, flowVersion: string): Promise<FlowRecord | undefined> {
    const now = this.#options.clock.monotonic();
    const key = `${flow}\n${flowVersion}`;
    const known = this.#answers.get(key);
    if (known !== undefined && now < known.until) return known.record;
    for (const [old, { until }] of this.#answers) if (until <= now) this.#answers.delete(old);
    const record = this.#options.catalogue.find(flow, flowVersion);
    this.#answers.set(key, { until: now + HOLDS_FOR_MS, record });
    record.catch(() => this.#answers.delete(key));
    return record;
  }

  /** The very same definition for the same record: what launches are prepared with is kept by it. */
  #definitionOf(record: FlowRecord, { agent }: Workspace): Result<FlowDefinition, readonly Fault[]> {
    const { retries, timeouts } = agent;
    const key = `${record.flow}\n${record.version}\n${JSON.stringify({ retries, timeouts })}`;
    const known = this.#read.get(key);
    if (known !== undefined && isSameRecord(known.record, record)) return known.definition;
    const definition = publishedFlow(record, { retries, timeouts });
    this.#read.set(key, { record, definition });
    return definition;
  }
}

function isSameRecord(a: FlowRecord, b: FlowRecord): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isVersion({ version }: FlowDefinition, wanted: string): boolean {
  return wanted === 'latest' || wanted === version;
}

function faultsOf(found: Result<unknown, readonly Fault[]>): readonly Fault[] {
  return found.ok ? [] : found.error;
}

function wrongVersion({ flow, version }: FlowDefinition, wanted: string): Fault {
  return {
    message: `flow "${flow}" is here in version ${version}, not ${wanted}, and that version is not published`,
    hint: `slipway flows ls --flow ${flow}`,
  };
}
