import { dirname } from 'node:path';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SourceReader } from '../core/source-reader.ts';
import { type AgentConfig, parseAgentConfig } from './agent-config.ts';
import { child, emptyMap, type MapNode, onlyKeys } from './config-node.ts';
import { DocumentStore } from './document-store.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { loadFlows } from './load-flows.ts';
import { isS3 } from './place-ref.ts';
import { Roots } from './roots.ts';
import type { Settings } from './settings.ts';
import { unknownSinkFaults } from './sinks-of-run.ts';
import { readTemplates, type Templates } from './templates-of.ts';

export interface WorkspaceOptions {
  /** Path or `s3://` address of agent.yaml; without one, flags and variables say everything. */
  readonly configRef?: string;
  readonly settings: Settings;
  readonly reader: SourceReader;
  /** The agent's name where nobody gives one. */
  readonly hostName: string;
}

/** All that launches are made from, as it was at one moment. Immutable: a reload makes a new one. */
export interface Workspace {
  readonly agent: AgentConfig;
  /** By name. */
  readonly flows: ReadonlyMap<string, FlowDefinition>;
  /** What is wrong with flows, by file: such a flow is left out, or as it was before a reload. */
  readonly flowFaults: readonly Fault[];
  /** The faults of flows that are left out, by the name of the flow. */
  readonly brokenFlows: ReadonlyMap<string, readonly Fault[]>;
  /** The template files that agent, environments and flows name, by reference. */
  readonly templates: Templates;
  /** What was read, with its etag: equal sources make an equal workspace. */
  readonly sources: ReadonlyMap<string, string>;
  /** Reads again what has changed. The faults of agent.yaml or its templates leave this workspace as it is. */
  reload(): Promise<Result<Workspace, readonly Fault[]>>;
}

interface Before {
  readonly store: DocumentStore;
  readonly workspace: Workspace;
}

/**
 * Reads agent.yaml, its templates and the flows. A flow with faults does not keep the others from running. Where agent.yaml
 * or a template of its has faults, those of all other files are told with them.
 */
export async function loadWorkspace(options: WorkspaceOptions): Promise<Result<Workspace, readonly Fault[]>> {
  return load(options, undefined);
}

async function load(
  options: WorkspaceOptions,
  before: Before | undefined,
): Promise<Result<Workspace, readonly Fault[]>> {
  const store = new DocumentStore(options.reader, before?.store);
  const agent = await readAgent(options, store);
  if (!agent.ok) return err([...agent.error, ...(await furtherFaults(options, store))]);
  const ownTemplates = await readAgentTemplates(agent.value.document, store);
  const roots = await Roots.of(placesOf(agent.value, options.configRef), store);
  const flows = await loadFlows(agent.value, store, roots, before?.workspace);
  if (!flows.ok) return err([...(ownTemplates.ok ? [] : ownTemplates.error), ...flows.error]);
  if (!ownTemplates.ok) return err([...ownTemplates.error, ...flows.value.faults]);
  const workspace: Workspace = {
    agent: agent.value,
    flows: flows.value.flows,
    flowFaults: [...flows.value.faults, ...unknownSinkFaults({ agent: agent.value, flows: flows.value.flows })],
    brokenFlows: flows.value.broken,
    templates: new Map([...flows.value.templates, ...ownTemplates.value]),
    sources: store.etags(),
    reload: () => load(options, { store, workspace }),
  };
  return ok(workspace);
}

async function readAgent(
  { configRef, settings, hostName }: WorkspaceOptions,
  store: DocumentStore,
): Promise<Result<AgentConfig, readonly Fault[]>> {
  if (configRef === undefined) return parseAgentConfig(emptyMap({ file: 'flags' }), settings, hostName);
  const document = await store.read(configRef);
  return document.ok ? parseAgentConfig(document.value, settings, hostName) : document;
}

/** What is wrong beside a faulty agent.yaml: as much as its good keys let us find. */
async function furtherFaults(options: WorkspaceOptions, store: DocumentStore): Promise<readonly Fault[]> {
  const { configRef, settings, hostName } = options;
  const document = configRef === undefined ? undefined : await store.read(configRef);
  if (document?.ok !== true || document.value.kind !== 'map') return [];
  const templates = await readAgentTemplates(document.value, store);
  const said = templates.ok ? [] : templates.error;
  const places = onlyKeys(document.value, (key) => PLACE_KEYS.has(key));
  const agent = parseAgentConfig(places, onlyPlaces(settings), hostName);
  if (!agent.ok) return said;
  const flows = await loadFlows(agent.value, store, await Roots.of(placesOf(agent.value, configRef), store), undefined);
  return [...said, ...(flows.ok ? flows.value.faults : flows.error)];
}

/** The keys that say where flows are and what they may read. */
const PLACE_KEYS: ReadonlySet<string> = new Set(['flows', 'bucket', 'roots']);

function onlyPlaces(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([path]) => PLACE_KEYS.has(path)));
}

async function readAgentTemplates(
  document: MapNode,
  store: DocumentStore,
): Promise<Result<Templates, readonly Fault[]>> {
  const environments = child(document, 'environments');
  const named = environments?.kind === 'map' ? [...environments.entries.values()] : [];
  const sections = [child(document, 'ecs'), ...named.map(({ value }) => child(value, 'runConfig'))];
  const read = await Promise.all(sections.map((section) => readTemplates(section, store, undefined)));
  const faults = read.flatMap((result) => (result.ok ? [] : result.error));
  return faults.length > 0 ? err(faults) : ok(new Map(read.flatMap((result) => (result.ok ? [...result.value] : []))));
}

/** Flows may read beside agent.yaml, beside themselves, in the bucket, and in what `roots` adds. */
function placesOf({ flows, bucket, roots }: AgentConfig, configRef: string | undefined): readonly string[] {
  const beside = configRef === undefined ? '.' : isS3(configRef) ? new URL('.', configRef).href : dirname(configRef);
  return [beside, flows, ...(bucket === undefined ? [] : [bucket]), ...roots];
}

/** The flow of that name; or the faults of its file, or the one that says that there is none. */
export function findFlow(workspace: Workspace, name: string): Result<FlowDefinition, readonly Fault[]> {
  const flow = workspace.flows.get(name);
  if (flow !== undefined) return ok(flow);
  const broken = workspace.brokenFlows.get(name);
  if (broken !== undefined) return err(broken);
  const near = didYouMean(name, [...workspace.flows.keys()]);
  const hint = near === undefined ? `flows are read from ${workspace.agent.flows}` : `did you mean "${near}"?`;
  return err([{ message: `there is no flow "${name}"`, hint }]);
}
