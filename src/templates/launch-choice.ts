import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import {
  type ConfigNode,
  child,
  isNull,
  itemsOf,
  type MapNode,
  type ScalarNode,
  scalar,
  textOf,
} from './config-node.ts';
import type { Part } from './part.ts';

/** Where a task runs: one of the two words of RunTask, or neither, which leaves it to the cluster (API RunTask). */
export type LaunchChoice =
  | { readonly kind: 'launchType'; readonly launchType: ScalarNode }
  | { readonly kind: 'strategy'; readonly strategy: ConfigNode }
  | { readonly kind: 'neither' };

type Word = 'launchType' | 'capacityProviderStrategy';

interface Said {
  readonly part: number;
  readonly word: Word;
  readonly node: ConfigNode;
}

const FARGATE_PROVIDERS: ReadonlySet<string> = new Set(['FARGATE', 'FARGATE_SPOT']);

/**
 * The highest part that names either word decides; a null first takes its own word out of everything below. Nobody names
 * one: FARGATE, unless a null took the launch type away. Both in one part contradict each other.
 */
export function launchChoice(parts: readonly Part[]): Result<LaunchChoice, readonly Fault[]> {
  const said = parts.flatMap((part, index) => [
    ...wordIn(part, index, 'launchType'),
    ...wordIn(part, index, 'capacityProviderStrategy'),
  ]);
  const faults = contradictions(said);
  if (faults.length > 0) return err(faults);
  const standing = said.filter(({ part, word, node }) => {
    const removed = said.some((other) => other.word === word && other.part >= part && removes(other.node));
    return !removed && !removes(node);
  });
  const highest = standing.reduce<Said | undefined>(
    (best, next) => (best === undefined || next.part >= best.part ? next : best),
    undefined,
  );
  if (highest !== undefined) return ok(choiceOf(highest, below(standing, highest)));
  const leftToCluster = said.some(({ word, node }) => word === 'launchType' && isNull(node));
  return ok(
    leftToCluster ? { kind: 'neither' } : { kind: 'launchType', launchType: scalar('FARGATE', { file: 'built-in' }) },
  );
}

function wordIn(part: Part, index: number, word: Word): Said[] {
  const node = child(part.runTask, word);
  return node === undefined ? [] : [{ part: index, word, node }];
}

/** An empty strategy names no provider: to ECS it is none at all. */
function removes(node: ConfigNode): boolean {
  return isNull(node) || (node.kind === 'list' && node.items.length === 0);
}

function contradictions(said: readonly Said[]): readonly Fault[] {
  return said
    .filter(
      ({ part, word, node }) =>
        word === 'launchType' &&
        !removes(node) &&
        said.some((other) => other.part === part && other.word !== word && !removes(other.node)),
    )
    .map(({ node }) => ({
      place: node.origin,
      message: 'launchType and capacityProviderStrategy exclude each other',
      hint: 'keep one; the other is null or left out',
    }));
}

function below(standing: readonly Said[], highest: Said): NonNullable<ConfigNode['overrode']> {
  return standing
    .filter((other) => other !== highest)
    .reverse()
    .map(({ node }) => ({ origin: node.origin, value: node }));
}

function choiceOf({ word, node }: Said, overrode: NonNullable<ConfigNode['overrode']>): LaunchChoice {
  const traced: ConfigNode = overrode.length > 0 ? { ...node, overrode } : node;
  if (word === 'capacityProviderStrategy') return { kind: 'strategy', strategy: traced };
  const launchType =
    traced.kind === 'scalar'
      ? { ...traced, value: String(traced.value).toUpperCase() }
      : scalar('FARGATE', node.origin);
  return { kind: 'launchType', launchType };
}

/** Whether the task runs on Fargate, as far as can be told: `definition` counts where the cluster decides. */
export function runsOnFargate(choice: LaunchChoice, definition: MapNode | undefined): boolean {
  switch (choice.kind) {
    case 'launchType':
      return choice.launchType.value === 'FARGATE';
    case 'strategy': {
      const providers = choice.strategy.kind === 'list' ? choice.strategy.items : [];
      return (
        providers.length > 0 && providers.every((item) => FARGATE_PROVIDERS.has(textOf(item, 'capacityProvider') ?? ''))
      );
    }
    case 'neither':
      return itemsOf(definition, 'requiresCompatibilities').some(
        (item) => item.kind === 'scalar' && item.value === 'FARGATE',
      );
    default:
      return choice satisfies never;
  }
}
