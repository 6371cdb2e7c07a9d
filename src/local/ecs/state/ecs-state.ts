import type { ClusterRecord, DefinitionRecord, TaskChange, TaskRecord, TokenRecord } from './records.ts';
import { TaskIndex } from './task-index.ts';

export interface Family {
  /** The highest revision ever made; numbers are never used again. */
  readonly latest: number;
  readonly revisions: Map<number, DefinitionRecord>;
}

/** Everything that local ECS remembers. */
export interface EcsState {
  readonly clusters: Map<string, ClusterRecord>;
  readonly families: Map<string, Family>;
  readonly tasks: Map<string, TaskRecord>;
  readonly tokens: Map<string, TokenRecord>;
  readonly index: TaskIndex;
}

/** One change of the state, as the journal keeps it. */
export type EcsChange =
  | { readonly kind: 'cluster'; readonly cluster: ClusterRecord }
  | { readonly kind: 'family'; readonly family: string; readonly latest: number }
  | { readonly kind: 'definition'; readonly definition: DefinitionRecord }
  | { readonly kind: 'definition-removed'; readonly family: string; readonly revision: number }
  | { readonly kind: 'task'; readonly task: TaskRecord }
  | { readonly kind: 'task-changed'; readonly arn: string; readonly change: TaskChange }
  | { readonly kind: 'task-removed'; readonly arn: string }
  | { readonly kind: 'token'; readonly token: TokenRecord }
  | { readonly kind: 'token-removed'; readonly key: string };

export function emptyState(): EcsState {
  return { clusters: new Map(), families: new Map(), tasks: new Map(), tokens: new Map(), index: new TaskIndex() };
}

export function applyChange(state: EcsState, change: EcsChange): void {
  switch (change.kind) {
    case 'cluster':
      state.clusters.set(change.cluster.name, change.cluster);
      return;
    case 'family':
    case 'definition':
    case 'definition-removed':
      applyToFamilies(state.families, change);
      return;
    case 'task':
    case 'task-changed':
    case 'task-removed':
      applyToTasks(state, change);
      return;
    case 'token':
      state.tokens.set(change.token.key, change.token);
      return;
    case 'token-removed':
      state.tokens.delete(change.key);
      return;
    default:
      change satisfies never;
  }
}

/** The state as changes that make it again. Tokens follow their tasks, whose stopping would change them. */
export function* snapshotOf(state: EcsState): Generator<EcsChange> {
  for (const cluster of state.clusters.values()) yield { kind: 'cluster', cluster };
  for (const [family, { latest, revisions }] of state.families) {
    yield { kind: 'family', family, latest };
    for (const definition of revisions.values()) yield { kind: 'definition', definition };
  }
  for (const task of state.tasks.values()) yield { kind: 'task', task };
  for (const token of state.tokens.values()) yield { kind: 'token', token };
}

type FamilyChange = Extract<EcsChange, { kind: 'family' | 'definition' | 'definition-removed' }>;
type TaskRecordChange = Extract<EcsChange, { kind: 'task' | 'task-changed' | 'task-removed' }>;

function applyToFamilies(families: EcsState['families'], change: FamilyChange): void {
  const name = change.kind === 'definition' ? change.definition.family : change.family;
  const family = families.get(name) ?? { latest: 0, revisions: new Map() };
  const latest = change.kind === 'family' ? change.latest : family.latest;
  if (change.kind === 'definition') family.revisions.set(change.definition.revision, change.definition);
  if (change.kind === 'definition-removed') family.revisions.delete(change.revision);
  families.set(name, { latest, revisions: family.revisions });
}

function applyToTasks(state: EcsState, change: TaskRecordChange): void {
  const arn = change.kind === 'task' ? change.task.arn : change.arn;
  const before = state.tasks.get(arn);
  const after = taskAfter(before, change);
  state.index.move(before, after);
  if (after === undefined) state.tasks.delete(arn);
  else state.tasks.set(arn, after);
  if (before?.lastStatus !== 'STOPPED' && after?.lastStatus === 'STOPPED' && change.kind === 'task-changed') {
    noteStopped(state.tokens, after);
  }
}

function taskAfter(before: TaskRecord | undefined, change: TaskRecordChange): TaskRecord | undefined {
  if (change.kind === 'task') return change.task;
  if (change.kind === 'task-removed' || before === undefined) return undefined;
  return { ...before, ...change.change };
}

function noteStopped(tokens: EcsState['tokens'], task: TaskRecord): void {
  const token = task.tokenKey === undefined ? undefined : tokens.get(task.tokenKey);
  if (!token?.taskArns.includes(task.arn)) return;
  const lastStoppedAt = Math.max(token.lastStoppedAt ?? 0, task.stoppedAt ?? 0);
  tokens.set(token.key, { ...token, unfinished: token.unfinished - 1, lastStoppedAt });
}
