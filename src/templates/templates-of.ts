import type { Fault, Place } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type ConfigNode, child, emptyMap, isNull, type MapNode } from './config-node.ts';
import { asMap } from './document-check.ts';
import type { DocumentStore } from './document-store.ts';
import { refFrom } from './place-ref.ts';
import type { Roots } from './roots.ts';
import { runTaskKwargsFaults, taskDefinitionFaults } from './validate/run-config.ts';

/** Text in `taskDefinition` that names a definition that exists in ECS already. */
const NAMED_DEFINITION = /^(?:arn:|[A-Za-z0-9_-]{1,255}:\d+$)/;

/** Whether the text names a task definition of ECS (an ARN, `family:revision`), not a file. */
export function namesDefinition(text: string): boolean {
  return NAMED_DEFINITION.test(text);
}

/** Template files by their references. */
export type Templates = ReadonlyMap<string, MapNode>;

/** The two fields of `ecs` and of a `runConfig` that may name a file. */
const FIELDS = ['taskDefinition', 'runTaskKwargs'] as const;

/**
 * Reads the files that `ecs` or a `runConfig` names. `roots` are the places they have to be in; undefined for what an
 * operator writes, who may name any.
 */
export async function readTemplates(
  config: ConfigNode | undefined,
  store: DocumentStore,
  roots: Roots | undefined,
): Promise<Result<Templates, readonly Fault[]>> {
  const templates = new Map<string, MapNode>();
  const faults: Fault[] = [];
  for (const field of FIELDS) {
    const named = fileNamedIn(config, field);
    if (named === undefined) continue;
    const read = await readTemplate(field, named, store, roots);
    if (read.ok) templates.set(named.ref, read.value);
    else faults.push(...read.error);
  }
  return faults.length > 0 ? err(faults) : ok(templates);
}

/** The file that a field names, if it names one. */
export function fileNamedIn(
  config: ConfigNode | undefined,
  field: (typeof FIELDS)[number],
): { ref: string; at: Place } | undefined {
  const value = child(config, field);
  if (value?.kind !== 'scalar' || typeof value.value !== 'string') return undefined;
  if (field === 'taskDefinition' && namesDefinition(value.value)) return undefined;
  return { ref: refFrom(value.origin, value.value), at: value.origin };
}

async function readTemplate(
  field: (typeof FIELDS)[number],
  { ref, at }: { ref: string; at: Place },
  store: DocumentStore,
  roots: Roots | undefined,
): Promise<Result<MapNode, readonly Fault[]>> {
  const outside = roots?.faultOfRef(ref, at);
  if (outside !== undefined) return err([outside]);
  const document = await store.read(ref, at);
  // Before what is in it is told of: not even its faults are the flow's to read.
  const led = roots?.faultOfLink(ref, store, at);
  if (led !== undefined) return err([led]);
  if (!document.ok)
    return field === 'taskDefinition' ? err(document.error.map((fault) => mayBeFamily(fault, ref))) : document;
  if (field === 'runTaskKwargs')
    return checked(
      isNull(document.value) ? emptyMap(document.value.origin) : document.value,
      'the file of run-task kwargs',
      runTaskKwargsFaults,
    );
  return checked(document.value, 'the task definition', taskDefinitionFaults);
}

/** A family without a revision looks like a file name. */
function mayBeFamily(fault: Fault, ref: string): Fault {
  if (fault.hint !== undefined || !/(?:^|\/)[A-Za-z0-9_-]+$/.test(ref)) return fault;
  return { ...fault, hint: 'a task definition that exists in ECS is named family:revision, or by its ARN' };
}

function checked(
  node: ConfigNode,
  what: string,
  faultsOf: (map: MapNode) => readonly Fault[],
): Result<MapNode, readonly Fault[]> {
  const map = asMap(node, what);
  if (!map.ok) return map;
  const faults = faultsOf(map.value);
  return faults.length > 0 ? err(faults) : map;
}
