import {
  type ConfigNode,
  child,
  itemsOf,
  listOf,
  type MapNode,
  mapOf,
  scalar,
  textOf,
  withKeys,
} from './config-node.ts';
import { settle } from './merge.ts';
import type { MergedRun } from './merge-run.ts';
import { typedTags } from './typed-values.ts';

/** Tags of ours on the task, for people and for the bill. */
export const FLOW_TAG = 'slipway:flow';
export const RUN_TAG = 'slipway:run-id';
const MOST_TAGS = 50;

/** The RunTask request without task definition, token and `startedBy`. A definition without awsvpc takes no network. */
export function runTaskOf(
  { runTask, choice, tags }: MergedRun,
  overrides: MapNode,
  definition: MapNode | undefined,
  names: { readonly flow: string; readonly runId: string },
): MapNode {
  const hasNetwork = definition === undefined || textOf(definition, 'networkMode') === 'awsvpc';
  return withKeys(runTask, {
    launchType: choice.kind === 'launchType' ? choice.launchType : undefined,
    capacityProviderStrategy: choice.kind === 'strategy' ? settledValue(choice.strategy) : undefined,
    networkConfiguration: hasNetwork ? child(runTask, 'networkConfiguration') : undefined,
    tags: withOwnTags(tags.runTask, names),
    overrides,
  });
}

function settledValue(strategy: ConfigNode): ConfigNode | undefined {
  return child(settle(mapOf({ strategy }, strategy.origin)), 'strategy');
}

/** The user's own tags go first: where they fill the list, ours give way. */
function withOwnTags(
  tags: ConfigNode | undefined,
  names: { readonly flow: string; readonly runId: string },
): ConfigNode {
  const reserved = { file: 'reserved' };
  const said = tags === undefined ? [] : itemsOf(mapOf({ tags: typedTags(tags) }, reserved), 'tags');
  const own = Object.entries({ [FLOW_TAG]: tagValue(names.flow), [RUN_TAG]: names.runId }).map(([key, value]) =>
    mapOf({ key: scalar(key, reserved), value: scalar(value, reserved) }, reserved),
  );
  const room = Math.max(0, MOST_TAGS - said.length);
  return listOf([...said, ...own.slice(0, room)], tags?.origin ?? reserved);
}

/** A tag takes letters, digits, spaces and `_.:/=+-@` (API Tag). */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
}
