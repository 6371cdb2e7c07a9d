import {
  boolCoreTag,
  floatCoreTag,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarTagDefinition,
} from 'js-yaml';
import type { Fault, Place } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ScalarNode } from './config-node.ts';

const CORE_TAGS: readonly ScalarTagDefinition[] = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];
const BY_TAG: ReadonlyMap<string, readonly ScalarTagDefinition[]> = new Map([
  ['!!null', [nullCoreTag]],
  ['!!bool', [boolCoreTag]],
  ['!!int', [intCoreTag]],
  ['!!float', [floatCoreTag, intCoreTag]],
]);

/** Reads a scalar by YAML 1.2's core schema, or by its tag. Quoted text is text. */
export function readScalar(
  text: string,
  style: number,
  tag: string | undefined,
  origin: Place,
): Result<ScalarNode, Fault> {
  if (tag === undefined) return ok(style === SCALAR_STYLE.PLAIN ? plain(text, origin) : verbatim(text, origin));
  if (tag === '!!str' || tag === '!') return ok(verbatim(text, origin));
  const allowed = BY_TAG.get(tag);
  if (allowed === undefined) return err({ place: origin, message: `the tag ${tag} is not supported` });
  const value = resolve(text, allowed);
  if (value === undefined) return err({ place: origin, message: `"${text}" is not what its tag ${tag} says` });
  return ok({ kind: 'scalar', value, origin });
}

function verbatim(text: string, origin: Place): ScalarNode {
  return { kind: 'scalar', value: text, origin };
}

function plain(text: string, origin: Place): ScalarNode {
  const value = resolve(text, CORE_TAGS);
  if (value === undefined) return verbatim(text, origin);
  if (typeof value !== 'number' || String(value) === text) return { kind: 'scalar', value, origin };
  return { kind: 'scalar', value, text, origin };
}

function resolve(text: string, tags: readonly ScalarTagDefinition[]): number | boolean | null | undefined {
  for (const tag of tags) {
    const value: unknown = tag.resolve(text, false, tag.tagName);
    if (value === null || typeof value === 'boolean') return value;
    // JSON has neither .inf nor .nan: to us they are text.
    if (value !== NOT_RESOLVED && typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return undefined;
}
