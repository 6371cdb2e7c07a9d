import { join } from 'node:path';
import { Journal } from '../../journal.ts';
import { AwsError, type LocalClock } from '../../service.ts';
import { type Arns, clusterNameOf, definitionReference } from '../arns.ts';
import { clusterNotFound } from '../ecs-errors.ts';
import { applyChange, type EcsChange, type EcsState, emptyState, type Family, snapshotOf } from './ecs-state.ts';
import type { ClusterRecord, DefinitionRecord, TaskChange, TaskRecord, TokenRecord } from './records.ts';

const SWEEP_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface EcsStoreOptions {
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly arns: Arns;
  readonly stoppedRetentionMs: number;
  /** Told of every version of every task. */
  readonly onChange: (task: TaskRecord) => void;
}

/** What local ECS remembers, durable before anyone is told. */
export class EcsStore {
  readonly arns: Arns;
  readonly #options: EcsStoreOptions;
  readonly #journal: Journal<EcsState, EcsChange>;
  #sweptAt: number;

  constructor(options: EcsStoreOptions) {
    this.#options = options;
    this.arns = options.arns;
    this.#journal = new Journal({
      path: options.stateDir === undefined ? undefined : join(options.stateDir, 'ecs.jsonl'),
      empty: emptyState,
      apply: applyChange,
      snapshot: snapshotOf,
    });
    this.#sweptAt = options.clock.now();
    if (!this.#journal.state.clusters.has('default')) this.change({ kind: 'cluster', cluster: newCluster('default') });
  }

  now(): number {
    return this.#options.clock.now();
  }

  get state(): EcsState {
    return this.#journal.state;
  }

  change(...changes: readonly EcsChange[]): void {
    this.#journal.change(...changes);
  }

  close(): void {
    this.#journal.close();
  }

  /** The ACTIVE cluster of that name or ARN; a missing one is a `ClusterNotFoundException`. */
  requireCluster(reference: string | undefined): ClusterRecord {
    const name = clusterNameOf(reference);
    const cluster = this.state.clusters.get(name);
    const isElsewhere = reference?.startsWith('arn:') === true && reference !== this.arns.cluster(name);
    if (!cluster || isElsewhere) throw clusterNotFound();
    if (cluster.status === 'ACTIVE') return cluster;
    throw new AwsError(
      'ClusterNotFoundException',
      'The specified cluster is inactive. Specify an active cluster and try again.',
    );
  }

  /** The definition that a reference means: without a revision, the latest ACTIVE one. */
  findDefinition(reference: string): DefinitionRecord | undefined {
    const wanted = definitionReference(reference);
    const family = wanted && this.state.families.get(wanted.family);
    if (!wanted || !family) return undefined;
    if (wanted.revision === undefined) return latestActive(family);
    const isElsewhere =
      reference.startsWith('arn:') && reference !== this.arns.definition(wanted.family, wanted.revision);
    return isElsewhere ? undefined : family.revisions.get(wanted.revision);
  }

  /** The definition of a task. */
  definitionOf(task: TaskRecord): DefinitionRecord | undefined {
    return this.state.families.get(task.family)?.revisions.get(task.revision);
  }

  /** A task that may still be told of: not forgotten, not stopped for longer than stopped tasks are kept. */
  findTask(arn: string): TaskRecord | undefined {
    const task = this.state.tasks.get(arn);
    return task && this.isTold(task) ? task : undefined;
  }

  isTold(task: TaskRecord): boolean {
    if (task.forgotten) return false;
    return task.stoppedAt === undefined || this.now() < task.stoppedAt + this.#options.stoppedRetentionMs;
  }

  /** Adds new tasks with what belongs to them, in one durable step, and tells of them. */
  addTasks(tasks: readonly TaskRecord[], token: TokenRecord | undefined): void {
    const changes: EcsChange[] = tasks.map((task) => ({ kind: 'task', task }));
    if (token) changes.push({ kind: 'token', token });
    this.change(...changes);
    for (const task of tasks) this.#options.onChange(task);
  }

  /** Changes a task so that the world is told: its version grows by one. */
  updateTask(arn: string, change: TaskChange): void {
    const task = this.state.tasks.get(arn);
    if (!task) return;
    this.noteTask(arn, { ...change, version: task.version + 1, updatedAt: this.now() });
    const updated = this.state.tasks.get(arn);
    if (updated && !updated.forgotten) this.#options.onChange(updated);
  }

  /** Changes a task without a new version: what only local ECS itself needs, and tags. */
  noteTask(arn: string, change: TaskChange): void {
    if (this.state.tasks.has(arn)) this.change({ kind: 'task-changed', arn, change });
  }

  /**
   * The token if it is still bound: for 24 hours, or until one hour after the last of its tasks stopped, whichever
   * is sooner (Amazon ECS API Reference, `ECS_Idempotency`).
   */
  findToken(key: string): TokenRecord | undefined {
    const token = this.state.tokens.get(key);
    return token && this.now() < expiryOf(token) ? token : undefined;
  }

  /** Now and then drops what nobody is told of any more. Whether it is told never depends on this. */
  sweep(): void {
    const now = this.now();
    if (now < this.#sweptAt + SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    const { tasks, tokens } = this.state;
    for (const task of tasks.values()) {
      if (task.lastStatus === 'STOPPED' && !this.isTold(task)) this.change({ kind: 'task-removed', arn: task.arn });
    }
    for (const token of tokens.values()) {
      if (now >= expiryOf(token)) this.change({ kind: 'token-removed', key: token.key });
    }
    this.#removeDeleted();
  }

  /** Whether a task that is still known uses the definition. */
  isUsed({ family, revision }: DefinitionRecord): boolean {
    const tasks = [...this.state.tasks.values()];
    return tasks.some((task) => task.family === family && task.revision === revision);
  }

  #removeDeleted(): void {
    const definitions = [...this.state.families.values()].flatMap(({ revisions }) => [...revisions.values()]);
    for (const definition of definitions) {
      if (definition.status !== 'DELETE_IN_PROGRESS' || this.isUsed(definition)) continue;
      this.change({ kind: 'definition-removed', family: definition.family, revision: definition.revision });
    }
  }
}

export function newCluster(name: string): ClusterRecord {
  return {
    name,
    status: 'ACTIVE',
    capacityProviders: [],
    defaultStrategy: [],
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    tags: [],
  };
}

function latestActive({ latest, revisions }: Family): DefinitionRecord | undefined {
  for (let revision = latest; revision > 0; revision -= 1) {
    const definition = revisions.get(revision);
    if (definition?.status === 'ACTIVE') return definition;
  }
  return undefined;
}

function expiryOf({ createdAt, unfinished, lastStoppedAt }: TokenRecord): number {
  const day = createdAt + DAY_MS;
  return unfinished > 0 ? day : Math.min(day, (lastStoppedAt ?? createdAt) + HOUR_MS);
}
