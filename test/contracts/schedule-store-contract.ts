import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunStore } from '../../src/core/run-store.ts';
import { newScheduleState, type ScheduleState } from '../../src/core/schedules/schedule-state.ts';
import type { ScheduleChange, ScheduleStore } from '../../src/core/schedules/schedule-store.ts';
import { queuedRun } from '../fakes/runs.ts';
import type { Deviations } from './moto-deviations.ts';

export interface StartedScheduleStore {
  readonly schedules: ScheduleStore;
  readonly runs: RunStore;
  stop(): Promise<void>;
}

const NOW = Date.UTC(2026, 9, 1, 12);

/**
 * What every record of schedules promises, whatever it is made of. What is unsteady goes either way there by chance, so it is
 * skipped: neither outcome would say anything.
 */
export function scheduleStoreContract(
  name: string,
  start: () => Promise<StartedScheduleStore>,
  unsteady: Deviations = {},
): void {
  describe(`${name} as a record of schedules`, () => {
    let started: StartedScheduleStore;
    let schedules: ScheduleStore;
    let count = 0;

    beforeAll(async () => {
      started = await start();
      schedules = started.schedules;
    });
    afterAll(() => started.stop());

    const check = (title: string, run: () => Promise<void>): void => {
      if (title in unsteady) it.skip(title, run);
      else it(title, run);
    };

    async function created(over: Partial<ScheduleState> = {}): Promise<ScheduleState> {
      count += 1;
      const state = { ...newScheduleState(`etl/nightly-${count}`, '0 2 * * * UTC', NOW), ...over };
      return schedules.create(state);
    }

    /** The next decision on a state; its runs are named after it. */
    function changeOf(from: ScheduleState, ticks: readonly number[] = [NOW + 60_000]): ScheduleChange {
      const runs = ticks.map((tick) => queuedRun({ runId: `${from.id.replace('/', '_')}-${tick}`, notBefore: tick }));
      return { from, to: { ...from, version: from.version + 1, cursor: ticks.at(-1) ?? from.cursor }, runs };
    }

    const recorded = async ({ id }: ScheduleState) => (await schedules.getMany([id])).get(id);

    it('gives back what it was given, and nothing of what nobody created', async () => {
      const skips = [{ reason: 'MISSED', from: 1, to: 3, count: 2, at: NOW }] as const;
      const state = await created({
        live: ['a'],
        waiting: [NOW],
        pause: { by: 'eva', reason: 'ключ 😀', at: 1 },
        skips,
      });
      const found = await schedules.getMany([state.id, 'etl/unknown']);
      expect([...found]).toEqual([[state.id, state]]);
    });

    it('creates a state once: the first stands', async () => {
      const first = await created();
      expect(await schedules.create({ ...first, cursor: NOW + 5 })).toEqual(first);
      expect(await recorded(first)).toEqual(first);
    });

    it('puts a state and its runs on record together', async () => {
      const change = changeOf(await created(), [NOW + 60_000, NOW + 120_000]);
      expect(await schedules.commit([change])).toEqual(['done']);
      expect(await recorded(change.to)).toEqual(change.to);
      expect(await started.runs.getMany(change.runs.map(({ runId }) => runId))).toEqual(change.runs);
    });

    it('does nothing for a decision on a state that somebody else has changed', async () => {
      const first = changeOf(await created());
      await schedules.commit([first]);
      const late = changeOf(first.from, [NOW + 180_000]);
      expect(await schedules.commit([late])).toEqual(['lost']);
      expect(await recorded(first.to)).toEqual(first.to);
      expect(await started.runs.getMany(late.runs.map(({ runId }) => runId))).toEqual([]);
    });

    it('leaves a run as it is that is on record already', async () => {
      const change = changeOf(await created(), [NOW + 60_000, NOW + 120_000]);
      const [first] = change.runs;
      const earlier = queuedRun({ ...first, requestedAt: NOW - 1 });
      await started.runs.accept(earlier);
      expect(await schedules.commit([change])).toEqual(['done']);
      expect(await started.runs.get(earlier.runId)).toEqual(earlier);
      expect(await started.runs.getMany(change.runs.map(({ runId }) => runId))).toHaveLength(2);
    });

    check('tells of many decisions which were lost, and carries out the others', async () => {
      const states = await Promise.all(Array.from({ length: 60 }, () => created()));
      const changes = states.map((state) => changeOf(state));
      const moved = changes.filter((_, index) => index % 7 === 0);
      await schedules.commit(moved.map(({ from }) => changeOf(from, [])));
      const outcomes = await schedules.commit(changes);
      expect(outcomes).toEqual(changes.map((_, index) => (index % 7 === 0 ? 'lost' : 'done')));
      const runs = await started.runs.getMany(changes.flatMap((change) => change.runs.map(({ runId }) => runId)));
      expect(runs).toHaveLength(changes.length - moved.length);
    });

    it('lets one of several at once decide', async () => {
      const state = await created();
      const changes = [1, 2, 3, 4].map((minute) => changeOf(state, [NOW + minute * 60_000]));
      const outcomes = (await Promise.all(changes.map((change) => schedules.commit([change])))).flat();
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      const runs = await started.runs.getMany(changes.flatMap((change) => change.runs.map(({ runId }) => runId)));
      expect(runs).toHaveLength(1);
    });

    it('lists every state, and forgets one that is removed as it was read', async () => {
      const [kept, gone] = [await created(), await created()];
      expect(await schedules.remove({ ...gone, version: 9 })).toBe(false);
      expect(await schedules.remove(gone)).toBe(true);
      const ids: string[] = [];
      for await (const page of schedules.all()) ids.push(...page.map(({ id }) => id));
      expect(ids).toContain(kept.id);
      expect(ids).not.toContain(gone.id);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
}
