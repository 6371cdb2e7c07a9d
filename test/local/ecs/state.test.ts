import { describe, expect, it } from 'vitest';
import { applyChange, type EcsChange, emptyState, snapshotOf } from '../../../src/local/ecs/state/ecs-state.ts';
import { PagedSet } from '../../../src/local/ecs/state/paged-set.ts';
import type { TaskRecord, TokenRecord } from '../../../src/local/ecs/state/records.ts';

const all = () => true;

describe('PagedSet', () => {
  it('gives pages in the order of insertion, with the next one to be asked for', () => {
    const set = new PagedSet<string>();
    for (const item of ['a', 'b', 'c', 'd', 'e']) set.add(item);
    const first = set.page(0, 2, all);
    const second = set.page(first.next ?? 0, 2, all);
    const third = set.page(second.next ?? 0, 2, all);
    expect([first.items, second.items, third.items]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(third.next).toBeUndefined();
  });

  it('goes on where it was although items before are gone', () => {
    const set = new PagedSet<number>();
    for (let item = 0; item < 1000; item += 1) set.add(item);
    const { next = 0 } = set.page(0, 500, all);
    for (let item = 0; item < 900; item += 1) set.delete(item);
    expect(set.size).toBe(100);
    expect(set.page(next, 3, all).items).toEqual([900, 901, 902]);
  });

  it('fills a page with items that pass', () => {
    const set = new PagedSet<number>();
    for (let item = 0; item < 10; item += 1) set.add(item);
    const isOdd = (item: number) => item % 2 === 1;
    const first = set.page(0, 3, isOdd);
    expect(first.items).toEqual([1, 3, 5]);
    expect(set.page(first.next ?? 0, 3, isOdd)).toEqual({ items: [7, 9], next: undefined });
  });
});

describe('the state of local ECS', () => {
  const task: TaskRecord = {
    arn: 'arn:task/c/1',
    id: '1',
    cluster: 'c',
    family: 'f',
    revision: 1,
    group: 'family:f',
    launchType: 'FARGATE',
    availabilityZone: 'z',
    overrides: {},
    cpu: '1024',
    enableExecuteCommand: false,
    tags: [],
    tokenKey: 'c\nt',
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    containers: [],
    createdAt: 1,
    updatedAt: 1,
  };
  const token: TokenRecord = {
    key: 'c\nt',
    fingerprint: 'x',
    createdAt: 1,
    taskArns: [task.arn],
    failures: [],
    unfinished: 1,
  };
  const stop: EcsChange = {
    kind: 'task-changed',
    arn: task.arn,
    change: { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: 9 },
  };

  const stateAfter = (...changes: readonly EcsChange[]) => {
    const state = emptyState();
    for (const change of changes) applyChange(state, change);
    return state;
  };

  it('notes at the token when the last task of its call has stopped', () => {
    const state = stateAfter({ kind: 'task', task }, { kind: 'token', token }, stop);
    expect(state.tokens.get(token.key)).toMatchObject({ unfinished: 0, lastStoppedAt: 9 });
  });

  it('is the same after a snapshot, also what was noted at tokens', () => {
    const state = stateAfter({ kind: 'task', task }, { kind: 'token', token }, stop, {
      kind: 'family',
      family: 'f',
      latest: 7,
    });
    const again = stateAfter(...snapshotOf(state));
    expect(again.tasks).toEqual(state.tasks);
    expect(again.tokens).toEqual(state.tokens);
    expect(again.families).toEqual(state.families);
    expect(again.index.page({ cluster: 'c', desiredStatus: 'STOPPED' }, 0, 10, all).items).toEqual([task.arn]);
  });

  it('counts the CPU of Fargate tasks until they have stopped', () => {
    expect(stateAfter({ kind: 'task', task }).index.activeCpuUnits).toBe(1024);
    expect(stateAfter({ kind: 'task', task }, stop).index.activeCpuUnits).toBe(0);
    expect(stateAfter({ kind: 'task', task }, { kind: 'task-removed', arn: task.arn }).index.activeCpuUnits).toBe(0);
  });

  it('moves a task to the other lists when it is no longer wanted RUNNING', () => {
    const state = stateAfter({ kind: 'task', task }, stop);
    const pageOf = (desiredStatus: string) =>
      state.index.page({ cluster: 'c', desiredStatus, family: 'f' }, 0, 10, all).items;
    expect([pageOf('RUNNING'), pageOf('STOPPED')]).toEqual([[], [task.arn]]);
  });
});
