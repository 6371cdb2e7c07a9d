import { canonicalJson } from '../core/canonical-json.ts';
import type { Json, JsonMap } from '../core/json.ts';
import { leavesOf } from './explain.ts';

/** A leaf that one of two requests has and the other has not, or has with another value. */
export interface Difference {
  /** In the words of `slipway explain`. */
  readonly field: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Absent if it is added. */
  readonly before?: Json;
  /** Absent if it is removed. */
  readonly now?: Json;
}

/** What has changed from `before` to `now`, in the order of `now`; what is gone comes last. */
export function differences(before: JsonMap, now: JsonMap): readonly Difference[] {
  const [was, is] = [leafMap(before), leafMap(now)];
  const changed = [...is].flatMap(([field, value]): Difference[] => {
    const old = was.get(field);
    if (old === undefined) return [{ field, change: 'added', now: value }];
    return canonicalJson(old) === canonicalJson(value) ? [] : [{ field, change: 'changed', before: old, now: value }];
  });
  const gone = [...was].filter(([field]) => !is.has(field));
  return [...changed, ...gone.map(([field, value]): Difference => ({ field, change: 'removed', before: value }))];
}

function leafMap(request: JsonMap): ReadonlyMap<string, Json> {
  return new Map(leavesOf(request).map(({ field, value }) => [field, value]));
}
