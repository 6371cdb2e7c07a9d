import { type Fault, formatPlace } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { AgentConfig } from './agent-config.ts';
import { child, textOf } from './config-node.ts';
import { type DocumentStore, unreadable } from './document-store.ts';
import { type FlowDefinition, parseFlow } from './flow-definition.ts';
import type { Roots } from './roots.ts';
import { readTemplates, type Templates } from './templates-of.ts';

const ENDINGS = ['.yaml', '.yml', '.json'];

export interface LoadedFlows {
  readonly flows: ReadonlyMap<string, FlowDefinition>;
  readonly templates: Templates;
  readonly faults: readonly Fault[];
  /** The faults of flows that are left out, by the name of the flow, as far as the file tells it. */
  readonly broken: ReadonlyMap<string, readonly Fault[]>;
}

/** What there was before a reload. */
interface Previous {
  readonly flows: ReadonlyMap<string, FlowDefinition>;
  readonly templates: Templates;
}

interface BrokenFlow {
  readonly name?: string;
  readonly faults: readonly Fault[];
}

type FlowFile = Result<{ readonly flow: FlowDefinition; readonly templates: Templates }, BrokenFlow>;

/**
 * Reads the flows of the agent's folder. A file with faults is reported; if it was good before a reload, the flow stays as
 * it was. Only a folder that cannot be read at all is an error.
 */
export async function loadFlows(
  agent: AgentConfig,
  store: DocumentStore,
  roots: Roots,
  previous: Previous | undefined,
): Promise<Result<LoadedFlows, readonly Fault[]>> {
  const listed = await store.list(agent.flows, ENDINGS);
  if (!listed.ok) {
    const place = child(agent.document, 'flows')?.origin ?? agent.document.origin;
    const fault = unreadable(listed.error);
    return err([{ ...fault, place, message: `the folder of flows "${agent.flows}" ${fault.message}` }]);
  }
  const before = new Map([...(previous?.flows.values() ?? [])].map((flow) => [flow.file, flow]));
  const files = await Promise.all(listed.value.map((ref) => readFlow(ref, agent, store, roots, before.get(ref))));
  return ok(gather(listed.value, files, before, previous?.templates ?? new Map()));
}

async function readFlow(
  ref: string,
  agent: AgentConfig,
  store: DocumentStore,
  roots: Roots,
  before: FlowDefinition | undefined,
): Promise<FlowFile> {
  const document = await store.read(ref);
  const led = roots.faultOfLink(ref, store, { file: ref });
  if (led !== undefined) return err({ faults: [led] });
  if (!document.ok) return err({ faults: document.error });
  const unchanged = before !== undefined && before.document === document.value && sameDefaults(before, agent);
  const flow = unchanged ? ok(before) : parseFlow(document.value, agent);
  const templates = await readTemplates(child(document.value, 'runConfig'), store, roots);
  if (flow.ok && templates.ok) return ok({ flow: flow.value, templates: templates.value });
  const name = textOf(document.value, 'flow');
  const faults = [...(flow.ok ? [] : flow.error), ...(templates.ok ? [] : templates.error)];
  return err({ faults, ...(name === undefined ? {} : { name }) });
}

/** A flow takes the agent's retries and timeouts where it has none: it is read anew when they change. */
function sameDefaults({ defaults }: FlowDefinition, { retries, timeouts }: AgentConfig): boolean {
  return JSON.stringify(defaults) === JSON.stringify({ retries, timeouts });
}

function gather(
  refs: readonly string[],
  files: readonly FlowFile[],
  before: ReadonlyMap<string, FlowDefinition>,
  templatesBefore: Templates,
): LoadedFlows {
  const good = files.flatMap((file) => (file.ok ? [file.value] : []));
  const kept = good.length < files.length ? [...templatesBefore] : [];
  const templates = new Map([...kept, ...good.flatMap((file) => [...file.templates])]);
  const faults = files.flatMap((file) => (file.ok ? [] : file.error.faults));
  const standing = files.map((file, index) => (file.ok ? file.value.flow : before.get(refs[index] ?? '')));
  const flows = new Map<string, FlowDefinition>();
  for (const flow of standing.filter((flow) => flow !== undefined)) {
    const first = flows.get(flow.flow);
    if (first === undefined) flows.set(flow.flow, flow);
    else faults.push(definedTwice(flow, first));
  }
  const broken = files.flatMap((file) => (file.ok || file.error.name === undefined ? [] : [file.error]));
  return { flows, templates, faults, broken: new Map(broken.map((file) => [file.name ?? '', file.faults])) };
}

function definedTwice(flow: FlowDefinition, first: FlowDefinition): Fault {
  const place = child(flow.document, 'flow')?.origin ?? flow.document.origin;
  const there = formatPlace(child(first.document, 'flow')?.origin ?? first.document.origin);
  return { place, message: `the flow "${flow.flow}" is there already: ${there}` };
}
