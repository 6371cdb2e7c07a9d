import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Json, JsonMap } from '../core/json.ts';
import { isJsonMap } from '../core/json.ts';

/** The tag by which people find the content that a task definition was registered for. */
export const HASH_TAG = 'slipway:definition-hash';

/** Lists whose order means nothing to ECS, with what to sort them by. */
const UNORDERED: ReadonlyMap<string, readonly string[]> = new Map([
  ['containerDefinitions', ['name']],
  ['environment', ['name']],
  ['secrets', ['name']],
  ['secretOptions', ['name']],
  ['volumes', ['name']],
  ['ulimits', ['name']],
  ['tags', ['key']],
  ['mountPoints', ['containerPath']],
  ['portMappings', ['containerPort', 'containerPortRange', 'protocol']],
  ['resourceRequirements', ['type']],
  ['dependsOn', ['containerName']],
  ['systemControls', ['namespace']],
  ['requiresCompatibilities', []],
  ['inferenceAccelerators', ['deviceName']],
]);

/**
 * A hash of what a task definition says, in 32 hexadecimal digits: equal for equal content, whatever the order of its keys
 * and of lists whose order means nothing. Our own input counts, never what ECS makes of it.
 */
export function definitionHash(input: JsonMap): string {
  return createHash('sha256')
    .update(canonicalJson(inHashOrder(input)))
    .digest('hex')
    .slice(0, 32);
}

/** The same definition with one order for all lists whose order means nothing. */
export function inHashOrder(input: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, sorted(value, key)]));
}

function sorted(value: Json, key: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => sorted(item, ''));
    const by = UNORDERED.get(key);
    return by === undefined ? items : items.sort(byKeys(by));
  }
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sorted(member, name)]));
}

function byKeys(keys: readonly string[]): (a: Json, b: Json) => number {
  const rank = (item: Json) =>
    isJsonMap(item) ? keys.map((key) => canonicalJson(item[key])).join(' ') : canonicalJson(item);
  return (a, b) => {
    const [left, right] = [rank(a), rank(b)];
    if (left !== right) return left < right ? -1 : 1;
    return canonicalJson(a) < canonicalJson(b) ? -1 : 1;
  };
}
