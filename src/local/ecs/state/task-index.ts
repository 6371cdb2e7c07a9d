import { type Page, PagedSet } from './paged-set.ts';
import type { TaskRecord } from './records.ts';

/** Which tasks are asked for. At most one of `startedBy` and `family` narrows the search. */
export interface TaskQuery {
  readonly cluster: string;
  readonly desiredStatus: string;
  readonly startedBy?: string | undefined;
  readonly family?: string | undefined;
}

/** Finds tasks by what ListTasks filters on, so that no call walks over all of them. */
export class TaskIndex {
  readonly #lists = new Map<string, PagedSet<string>>();
  #activeCpuUnits = 0;

  /** CPU units of all Fargate tasks that have not stopped. */
  get activeCpuUnits(): number {
    return this.#activeCpuUnits;
  }

  /** Moves a task from where `before` stood to where `after` stands. */
  move(before: TaskRecord | undefined, after: TaskRecord | undefined): void {
    this.#activeCpuUnits += activeCpuOf(after) - activeCpuOf(before);
    const from = before === undefined ? [] : keysOf(before);
    const to = after === undefined ? [] : keysOf(after);
    if (from.length > 0 && from[0] === to[0]) return;
    for (const key of from) this.#remove(key, before?.arn ?? '');
    for (const key of to) this.#add(key, after?.arn ?? '');
  }

  /** ARNs of the tasks that match, a page at a time; see {@link PagedSet.page}. */
  page(query: TaskQuery, after: number, limit: number, passes: (arn: string) => boolean): Page<string> {
    const list = this.#lists.get(keyOf(query));
    return list?.page(after, limit, passes) ?? { items: [], next: undefined };
  }

  #add(key: string, arn: string): void {
    const list = this.#lists.get(key) ?? new PagedSet<string>();
    this.#lists.set(key, list);
    list.add(arn);
  }

  #remove(key: string, arn: string): void {
    const list = this.#lists.get(key);
    list?.delete(arn);
    if (list?.size === 0) this.#lists.delete(key);
  }
}

function activeCpuOf(task: TaskRecord | undefined): number {
  if (task === undefined || task.lastStatus === 'STOPPED' || task.launchType !== 'FARGATE') return 0;
  return Number(task.cpu ?? 0);
}

function keysOf({ cluster, desiredStatus, family, startedBy }: TaskRecord): string[] {
  const keys = [keyOf({ cluster, desiredStatus }), keyOf({ cluster, desiredStatus, family })];
  if (startedBy !== undefined) keys.push(keyOf({ cluster, desiredStatus, startedBy }));
  return keys;
}

function keyOf({ cluster, desiredStatus, startedBy, family }: TaskQuery): string {
  if (startedBy !== undefined) return `${cluster}\n${desiredStatus}\nby\n${startedBy}`;
  return family === undefined ? `${cluster}\n${desiredStatus}` : `${cluster}\n${desiredStatus}\nof\n${family}`;
}
