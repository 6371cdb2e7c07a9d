import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { child, emptyMap, type MapNode, onlyKeys, withKeys } from './config-node.ts';
import { existingDefinitionParts } from './existing-definition.ts';
import { splitOverridable } from './late-values.ts';
import { type LaunchChoice, launchChoice } from './launch-choice.ts';
import { merge, settle } from './merge.ts';
import type { Part } from './part.ts';
import { containsPlaceholder, fillPlaceholders, type PlaceholderValues } from './placeholder.ts';
import { mergedDefinition, mergedRunTask, type Prepared } from './prepare.ts';
import { type MergedTags, mergeTags } from './tag-merge.ts';

/** What files, request and run say together, each value in the place where it belongs. */
export interface MergedRun {
  /** To be registered, before it is finished. The very object of the prepared one, if the run adds nothing to it. */
  readonly definition: MapNode;
  /** Goes into overrides, in the definition's shape, without nulls. */
  readonly said: MapNode;
  /** RunTask's fields, without the two words of the launch choice, without tags and overrides. */
  readonly runTask: MapNode;
  readonly choice: LaunchChoice;
  readonly tags: MergedTags;
}

interface Choices {
  readonly choice: LaunchChoice;
  readonly tags: MergedTags;
}

const OWN_CHOICES = new WeakMap<Prepared, Result<Choices, readonly Fault[]>>();

/** Lays the run's own parts (its request, an escalation) over what is prepared, and fills the placeholders that waited. */
export function mergeRun(
  prepared: Prepared,
  own: readonly Part[],
  values: PlaceholderValues,
): Result<MergedRun, readonly Fault[]> {
  const filled = prepared.open ? fillOpen(prepared, values) : ok(prepared);
  if (!filled.ok) return filled;
  const parts = prepared.base.kind === 'named' ? existingDefinitionParts(own, prepared.base) : ok(own);
  if (!parts.ok) return parts;
  const choices = choicesOf(filled.value, parts.value);
  if (!choices.ok) return choices;
  const { definition, late, runTask } = filled.value;
  if (parts.value.length === 0)
    return ok({ definition, said: settle(late), runTask: settle(runTask), ...choices.value });
  const spoken = withKeys(mergedDefinition(parts.value), { family: undefined });
  const registered = prepared.base.kind === 'named' ? emptyMap(spoken.origin) : splitOverridable(spoken).registered;
  return ok({
    definition: registered.entries.size === 0 ? definition : merge(definition, registered),
    said: splitOverridable(settle(merge(late, spoken))).overridable,
    runTask: settle(merge(runTask, mergedRunTask(parts.value))),
    ...choices.value,
  });
}

function choicesOf(prepared: Prepared, own: readonly Part[]): Result<Choices, readonly Fault[]> {
  if (own.some(speaksOfChoices)) return choose([...prepared.parts, ...own]);
  const held = OWN_CHOICES.get(prepared) ?? choose(prepared.parts);
  OWN_CHOICES.set(prepared, held);
  return held;
}

function choose(parts: readonly Part[]): Result<Choices, readonly Fault[]> {
  const choice = launchChoice(parts);
  return choice.ok ? ok({ choice: choice.value, tags: mergeTags(parts) }) : choice;
}

function speaksOfChoices({ definition, runTask }: Part): boolean {
  const words = ['launchType', 'capacityProviderStrategy', 'tags'];
  return words.some((word) => child(runTask, word) !== undefined) || child(definition, 'tags') !== undefined;
}

function fillOpen(prepared: Prepared, values: PlaceholderValues): Result<Prepared, readonly Fault[]> {
  const faults: Fault[] = [];
  const fill = (map: MapNode): MapNode => {
    if (!containsPlaceholder(map)) return map;
    const filled = fillPlaceholders(map, values);
    if (!filled.ok) faults.push(...filled.error);
    return filled.ok && filled.value.kind === 'map' ? filled.value : map;
  };
  const filled: Prepared = {
    ...prepared,
    definition: fill(prepared.definition),
    late: fill(prepared.late),
    runTask: fill(prepared.runTask),
    parts: prepared.parts.map((part) => ({
      ...part,
      definition: fill(onlyKeys(part.definition, (key) => key === 'tags')),
      runTask: fill(
        onlyKeys(part.runTask, (key) => key === 'tags' || key === 'launchType' || key === 'capacityProviderStrategy'),
      ),
    })),
  };
  return faults.length > 0 ? err(distinctFaults(faults)) : ok(filled);
}

/** A value that stands in the merged tree and in its part is one fault. */
function distinctFaults(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
