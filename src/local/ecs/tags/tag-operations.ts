import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { clusterNameOf } from '../arns.ts';
import { invalidParameter } from '../ecs-errors.ts';
import { parseInput } from '../parse-input.ts';
import type { EcsChange } from '../state/ecs-state.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import { checkTags } from './check-tags.ts';
import { type Tag, tagShape } from './tag-shape.ts';

const tagShapeOfCall = z.object({ resourceArn: z.string().default(''), tags: z.array(tagShape).default([]) });
const untagShape = z.object({ resourceArn: z.string().default(''), tagKeys: z.array(z.string()).default([]) });
const listShape = z.object({ resourceArn: z.string().default('') });

/** A resource's tags and the change that gives it others. */
interface Tagged {
  readonly tags: readonly Tag[];
  readonly withTags: (tags: readonly Tag[]) => EcsChange;
}

/** TagResource: adds tags, or replaces the values of tags that are there. */
export function tagResource(store: EcsStore, input: unknown): unknown {
  const { resourceArn, tags } = parseInput(tagShapeOfCall, input);
  const resource = find(store, resourceArn);
  checkTags(tags);
  const merged = mergeTags(resource.tags, tags);
  if (merged.length > 50) throw invalidParameter('The maximum number of tags on a resource is 50.');
  store.change(resource.withTags(merged));
  return {};
}

export function untagResource(store: EcsStore, input: unknown): unknown {
  const { resourceArn, tagKeys } = parseInput(untagShape, input);
  const resource = find(store, resourceArn);
  store.change(resource.withTags(resource.tags.filter(({ key }) => !tagKeys.includes(key))));
  return {};
}

export function listTagsForResource(store: EcsStore, input: unknown): unknown {
  return { tags: find(store, parseInput(listShape, input).resourceArn).tags };
}

/** The tags of both; of a key that both have, the value of `over`. */
export function mergeTags(base: readonly Tag[], over: readonly Tag[]): readonly Tag[] {
  return [...new Map([...base, ...over].map((tag) => [tag.key, tag])).values()];
}

function find(store: EcsStore, arn: string): Tagged {
  const [, kind] = /^arn:aws:ecs:[^:]*:[^:]*:([a-z-]+)\//.exec(arn) ?? [];
  const found = kind === undefined ? undefined : FINDERS[kind]?.(store, arn);
  if (found) return found;
  if (kind === undefined) throw invalidParameter(`Invalid identifier: '${arn}' is not the ARN of an ECS resource.`);
  throw new AwsError('ResourceNotFoundException', `The specified resource was not found: ${arn}`);
}

const FINDERS: Readonly<Record<string, (store: EcsStore, arn: string) => Tagged | undefined>> = {
  task: (store, arn) => {
    const task = store.findTask(arn);
    return task && { tags: task.tags, withTags: (tags) => ({ kind: 'task-changed', arn, change: { tags } }) };
  },
  'task-definition': (store, arn) => {
    const definition = store.findDefinition(arn);
    return (
      definition && {
        tags: definition.tags,
        withTags: (tags) => ({ kind: 'definition', definition: { ...definition, tags } }),
      }
    );
  },
  cluster: (store, arn) => {
    const cluster = store.state.clusters.get(clusterNameOf(arn));
    return cluster && { tags: cluster.tags, withTags: (tags) => ({ kind: 'cluster', cluster: { ...cluster, tags } }) };
  },
};
