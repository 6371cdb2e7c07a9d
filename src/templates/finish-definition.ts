import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import { base32Hash } from '../core/run-identity.ts';
import { child, itemsOf, type ListNode, type MapNode, mapOf, scalar, toJson, withKeys } from './config-node.ts';
import { definitionHash, HASH_TAG } from './definition-hash.ts';
import { type LaunchChoice, runsOnFargate } from './launch-choice.ts';
import { settle } from './merge.ts';
import { typedRequest, typedTags } from './typed-values.ts';

/** The whole RegisterTaskDefinition request, every leaf with its origin. */
export interface FinishedDefinition {
  readonly node: MapNode;
  readonly family: string;
  readonly hash: string;
  readonly onFargate: boolean;
  /** Values that could not be given the type that ECS wants. */
  readonly faults: readonly Fault[];
}

/** ECS takes at most 255 characters (API RegisterTaskDefinition). */
const LONGEST_FAMILY = 255;
const MOST_TAGS = 50;

const BUILT_IN = { file: 'built-in' };

/** Completes a merged definition: defaults for Fargate, compatibilities, family, tags and the hash of it all. */
export function finishDefinition(
  merged: MapNode,
  tags: ListNode | undefined,
  choice: LaunchChoice,
  naming: { readonly flow: string; readonly prefix: string },
): FinishedDefinition {
  const { node: typed, faults } = typedRequest(settle(merged), 'containerDefinitions');
  const onFargate = runsOnFargate(choice, typed);
  const complete = withKeys(typed, {
    ...(onFargate ? fargateDefaults(typed) : {}),
    ...compatibilities(typed, choice, onFargate),
    ...(typed.entries.has('family') ? {} : { family: scalar(familyOf(naming.prefix, naming.flow), BUILT_IN) }),
    ...(tags === undefined ? {} : { tags: typedTags(tags) }),
  });
  const hash = definitionHash(toJson(complete) as JsonMap);
  const family = child(complete, 'family');
  return {
    node: withHashTag(complete, hash),
    family: family?.kind === 'scalar' ? String(family.value) : '',
    hash,
    onFargate,
    faults,
  };
}

/** What no layer gives and Fargate cannot do without (DESIGN 6). */
function fargateDefaults(definition: MapNode): Record<string, ReturnType<typeof scalar>> {
  const defaults = { cpu: '1024', memory: '2048', networkMode: 'awsvpc' };
  const missing = Object.entries(defaults).filter(([key]) => !definition.entries.has(key));
  return Object.fromEntries(missing.map(([key, value]) => [key, scalar(value, BUILT_IN)]));
}

function compatibilities(
  definition: MapNode,
  choice: LaunchChoice,
  onFargate: boolean,
): { requiresCompatibilities?: ListNode } {
  if (definition.entries.has('requiresCompatibilities')) return {};
  const node = choice.kind === 'launchType' ? choice.launchType : onFargate ? scalar('FARGATE', BUILT_IN) : undefined;
  return node === undefined ? {} : { requiresCompatibilities: { kind: 'list', items: [node], origin: node.origin } };
}

/** The user's own tags go first: where they fill the list, ours gives way. */
function withHashTag(definition: MapNode, hash: string): MapNode {
  const tags = itemsOf(definition, 'tags');
  if (tags.length >= MOST_TAGS) return definition;
  const reserved = { file: 'reserved' };
  const tag = mapOf({ key: scalar(HASH_TAG, reserved), value: scalar(hash, reserved) }, reserved);
  return withKeys(definition, {
    tags: { kind: 'list', items: [...tags, tag], origin: child(definition, 'tags')?.origin ?? reserved },
  });
}

/** `<prefix>-<flow>`. A name that ECS does not take as it is, or that is too long, keeps a hash, so that no two flows share a family. */
export function familyOf(prefix: string, flow: string): string {
  const slug = flow.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|(?<!-)-+$/g, '');
  const plain = `${prefix}-${slug}`;
  if (slug === flow && plain.length <= LONGEST_FAMILY) return plain;
  const hash = base32Hash('family', flow).slice(0, 8);
  return `${plain.slice(0, LONGEST_FAMILY - hash.length - 1).replace(/(?<!-)-+$/, '')}-${hash}`;
}
