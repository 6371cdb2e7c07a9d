import { type ConfigNode, child, emptyMap, type ListNode, mapOf, textOf } from './config-node.ts';
import { merge, settle } from './merge.ts';
import type { Part } from './part.ts';

/** The tags of the definition and those of the task. */
export interface MergedTags {
  readonly definition: ListNode | undefined;
  readonly runTask: ListNode | undefined;
}

/**
 * Tags merge by key wherever they are written, so that none wins for standing on the task; then each goes where some layer
 * wrote it. What a request says of them stays off the definition, which would otherwise differ from run to run.
 */
export function mergeTags(parts: readonly Part[]): MergedTags {
  const lasting = parts.filter(({ layer }) => layer !== 'request');
  return {
    definition: chosen(mergedTags(lasting), keysIn(lasting, 'definition')),
    runTask: chosen(
      mergedTags(parts),
      new Set([
        ...keysIn(parts, 'runTask'),
        ...keysIn(
          parts.filter(({ layer }) => layer === 'request'),
          'definition',
        ),
      ]),
    ),
  };
}

function mergedTags(parts: readonly Part[]): ListNode | undefined {
  let merged = emptyMap({ file: 'built-in' });
  for (const { definition, runTask } of parts) {
    for (const tags of [child(definition, 'tags'), child(runTask, 'tags')]) {
      if (tags !== undefined) merged = merge(merged, mapOf({ tags }, tags.origin));
    }
  }
  const tags = child(settle(merged), 'tags');
  return tags?.kind === 'list' ? tags : undefined;
}

function keysIn(parts: readonly Part[], side: 'definition' | 'runTask'): ReadonlySet<string> {
  const lists = parts.map((part) => child(part[side], 'tags'));
  return new Set(lists.flatMap((list) => (list?.kind === 'list' ? list.items : [])).map(keyOf));
}

function chosen(tags: ListNode | undefined, keys: ReadonlySet<string>): ListNode | undefined {
  const items = tags?.items.filter((tag) => keys.has(keyOf(tag))) ?? [];
  return tags === undefined || items.length === 0 ? undefined : { ...tags, items };
}

function keyOf(tag: ConfigNode): string {
  return textOf(tag, 'key') ?? '';
}
