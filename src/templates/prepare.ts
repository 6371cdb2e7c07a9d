import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type BaseDefinition, baseDefinition, withMainContainer } from './base-definition.ts';
import { child, emptyMap, isNull, itemsOf, type MapNode, onlyKeys, textOf, withKeys } from './config-node.ts';
import { doubleWarnings } from './double-warnings.ts';
import { existingDefinitionParts, ignoredWarnings } from './existing-definition.ts';
import { fillKnown, splitLate } from './late-values.ts';
import { LAYERS, type Layer } from './layer.ts';
import { merge } from './merge.ts';
import { containerName, definitionPart, type Part } from './part.ts';
import { isUsable, partsOf, type Surroundings } from './parts-of.ts';
import { containsPlaceholder } from './placeholder.ts';
import type { Workspace } from './workspace.ts';

/** All that the files say about a flow in an environment, merged; what depends on the run is still open. */
export interface Prepared {
  readonly base: BaseDefinition;
  /** The name of the main container. */
  readonly main: string;
  /** Low to high: who said what, for the choices that are made once the request is known. */
  readonly parts: readonly Part[];
  /** What is to be registered, nulls and all; its tags are not in it. */
  readonly definition: MapNode;
  /** What overrides carry although files say it: values with placeholders, and everything where the definition exists already. */
  readonly late: MapNode;
  /** RunTask's fields, without the two words of the launch choice and without tags. */
  readonly runTask: MapNode;
  /** Whether a placeholder waits for the run anywhere. */
  readonly open: boolean;
  readonly warnings: readonly Fault[];
}

/** Merges what the layers say. The request's part of them is only what changes which definition it is about. */
export function prepare(
  workspace: Workspace,
  layers: readonly Layer[],
  surroundings: Surroundings,
  environment: string | undefined,
): Result<Prepared, readonly Fault[]> {
  const base = baseDefinition(layers, workspace.templates);
  if (!base.ok) return base;
  const wanted = highestText(layers, 'containerName') ?? 'flow';
  const own =
    base.value.kind === 'template'
      ? withMainContainer(base.value.definition, wanted)
      : { definition: emptyMap(base.value.taskDefinition.origin), main: wanted };
  const parts = layers.map((layer) => partsOf(workspace, layer, own.main, surroundings));
  const faults = parts.flatMap((result) => (result.ok ? [] : result.error));
  if (faults.length > 0) return err(faults);
  const said = parts.flatMap((result) => (result.ok ? result.value : []));
  const filled = fillParts(withoutNulled(said, layers), environment);
  const prepared =
    base.value.kind === 'named'
      ? prepareExisting(base.value, own.main, filled)
      : prepareTemplate(base.value, own.definition, own.main, filled, environment);
  if (!prepared.ok) return prepared;
  const secrets = unusableSecrets(layers, surroundings);
  return ok({ ...prepared.value, warnings: [...prepared.value.warnings, ...secrets] });
}

function prepareExisting(
  base: Extract<BaseDefinition, { kind: 'named' }>,
  main: string,
  said: readonly Part[],
): Result<Prepared, readonly Fault[]> {
  const parts = existingDefinitionParts(said, base);
  if (!parts.ok) return parts;
  const definition = emptyMap(base.taskDefinition.origin);
  const late = mergedDefinition(parts.value);
  const warnings = ignoredWarnings(said, base);
  return ok(withOpen({ base, main, parts: parts.value, definition, late, warnings }));
}

function prepareTemplate(
  base: Extract<BaseDefinition, { kind: 'template' }>,
  own: MapNode,
  main: string,
  said: readonly Part[],
  environment: string | undefined,
): Result<Prepared, readonly Fault[]> {
  const layer = base.layer === 'built-in' ? 'agent' : base.layer;
  const template = fillParts([definitionPart(layer, 'template', own)], environment);
  const floor = LAYERS.indexOf(layer);
  const index = said.findIndex((part) => LAYERS.indexOf(part.layer) >= floor && part.kind !== 'inherited');
  const parts = index < 0 ? [...said, ...template] : [...said.slice(0, index), ...template, ...said.slice(index)];
  const stray = strayOverrides(parts, main);
  if (stray.length > 0) return err(stray);
  const { kept, warnings } = withoutFamily(parts);
  const { overridable, registered } = splitLate(inOrderOf(mergedDefinition(kept), own));
  const doubles = kept.flatMap(({ definition, runTask }) =>
    [definition, runTask].flatMap((map) => doubleWarnings(map)),
  );
  return ok(
    withOpen({
      base,
      main,
      parts: kept,
      definition: registered,
      late: overridable,
      warnings: [...warnings, ...doubles],
    }),
  );
}

function withOpen(merged: Omit<Prepared, 'runTask' | 'open'>): Prepared {
  const runTask = mergedRunTask(merged.parts);
  const tags = merged.parts.map(({ definition }) => onlyKeys(definition, (key) => key === 'tags'));
  const waiting = [merged.definition, merged.late, ...tags, ...merged.parts.map((part) => part.runTask)];
  return { ...merged, runTask, open: waiting.some(containsPlaceholder) };
}

/** One family per flow: only a flow's own template or patch may name another. */
function withoutFamily(parts: readonly Part[]): { kept: readonly Part[]; warnings: readonly Fault[] } {
  const foreign = parts.filter(({ layer, definition }) => layer !== 'flow' && definition.entries.has('family'));
  return {
    kept: parts.map((part) =>
      foreign.includes(part) ? { ...part, definition: withKeys(part.definition, { family: undefined }) } : part,
    ),
    warnings: foreign.map(({ definition }) => ({
      place: child(definition, 'family')?.origin ?? definition.origin,
      message: 'family is ignored here: every flow has a family of its own',
      hint: "name it in the flow's own taskDefinition, or set ecs.familyPrefix",
    })),
  };
}

/** A fault for each container that kwargs override and the definition lacks. */
function strayOverrides(parts: readonly Part[], main: string): readonly Fault[] {
  const defining = parts.filter(({ kind }) => kind === 'template' || kind === 'patch');
  const names = (part: Part) => itemsOf(part.definition, 'containerDefinitions').map(containerName);
  const known = [...new Set([...defining.flatMap(names).flatMap((found) => found?.name ?? []), main])];
  return parts
    .filter(({ kind }) => kind === 'kwargs')
    .flatMap(({ definition }) => itemsOf(definition, 'containerDefinitions'))
    .flatMap((container): Fault[] => {
      const found = containerName(container);
      if (found === undefined) return [{ place: container.origin, message: 'a container override has no name' }];
      if (known.includes(found.name)) return [];
      const hint = `the definition has ${known.join(', ')}`;
      return [{ place: found.at, message: `there is no container "${found.name}" to override`, hint }];
    });
}

/** Secrets with the agent's tag whose names no program could read are left out. */
function unusableSecrets(layers: readonly Layer[], { taggedSecrets = [] }: Surroundings): readonly Fault[] {
  const tag = layers.map(({ config }) => child(config, 'secretsTag')).find((node) => node !== undefined);
  if (tag === undefined) return [];
  return taggedSecrets
    .filter((secret) => !isUsable(secret))
    .map(({ name }) => ({
      place: tag.origin,
      message: `the secret "${name}" is left out: its name is no name of a variable`,
      hint: 'list it under ecs.secrets with a name',
    }));
}

function fillParts(parts: readonly Part[], environment: string | undefined): readonly Part[] {
  if (environment === undefined) return parts;
  const fill = (map: MapNode): MapNode => {
    const filled = fillKnown(map, { environment });
    return filled.kind === 'map' ? filled : map;
  };
  return parts.map((part) => ({ ...part, definition: fill(part.definition), runTask: fill(part.runTask) }));
}

/** Keys that make parts of their own: a null takes away those of lower layers. */
const PART_KEYS = { profile: 'profile', runTaskKwargs: 'kwargs', taskDefinitionPatch: 'patch' } as const;

function withoutNulled(parts: readonly Part[], layers: readonly Layer[]): readonly Part[] {
  return Object.entries(PART_KEYS).reduce((kept, [key, partKind]) => {
    const index = layers.findLastIndex(({ config }) => isNull(child(config, key)));
    const below = layers.slice(0, Math.max(index, 0)).map(({ name }) => name);
    return kept.filter(({ kind, layer }) => kind !== partKind || !below.includes(layer));
  }, parts);
}

/** The definition that the parts make, without tags: those are merged with the task's. */
export function mergedDefinition(parts: readonly Part[]): MapNode {
  const merged = parts.reduce((map, { definition }) => merge(map, definition), emptyMap({ file: 'built-in' }));
  return onlyKeys(merged, (key) => key !== 'tags');
}

const CHOSEN_ELSEWHERE: ReadonlySet<string> = new Set(['tags', 'launchType', 'capacityProviderStrategy']);

/** RunTask's fields that the parts make, without those that are chosen elsewhere. */
export function mergedRunTask(parts: readonly Part[]): MapNode {
  const merged = parts.reduce((map, { runTask }) => merge(map, runTask), emptyMap({ file: 'built-in' }));
  return onlyKeys(merged, (key) => !CHOSEN_ELSEWHERE.has(key));
}

/** The base's containers first, in its order, whatever lower layers said about them before. */
function inOrderOf(merged: MapNode, base: MapNode): MapNode {
  const list = child(merged, 'containerDefinitions');
  if (list?.kind !== 'list') return merged;
  const order = itemsOf(base, 'containerDefinitions').map((container) => containerName(container)?.name);
  const rank = (container: (typeof list.items)[number]) => {
    const found = order.indexOf(containerName(container)?.name);
    return found < 0 ? order.length : found;
  };
  return withKeys(merged, {
    containerDefinitions: { ...list, items: [...list.items].sort((a, b) => rank(a) - rank(b)) },
  });
}

/** The text of the highest layer that has the key; none if a null took it away. */
function highestText(layers: readonly Layer[], key: string): string | undefined {
  const highest = layers.findLast(({ config }) => child(config, key) !== undefined);
  return textOf(highest?.config, key);
}
