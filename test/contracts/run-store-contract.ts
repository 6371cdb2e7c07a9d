import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneOf } from '../../src/core/lane.ts';
import { nextFacts } from '../../src/core/next-facts.ts';
import type { FinishedRun, LaunchingRun, QueuedRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { NOBODY, type RunStore } from '../../src/core/run-store.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { slotCases } from './run-store-slot-cases.ts';

export interface StartedStore {
  readonly store: RunStore;
  stop(): Promise<void>;
}

const NOW = Date.UTC(2026, 9, 1, 12);

/** What every record of runs promises, whatever it is made of. */
export function runStoreContract(name: string, start: () => Promise<StartedStore>): void {
  describe(`${name} as a record of runs`, () => {
    let started: StartedStore;
    let store: RunStore;
    let count = 0;

    beforeAll(async () => {
      started = await start();
      store = started.store;
    });
    afterAll(() => started.stop());

    function newRun(over: Partial<QueuedRun> = {}): QueuedRun {
      count += 1;
      return queuedRun({ runId: `run-${count}`, requestedAt: NOW + count, notBefore: NOW, ...over });
    }

    async function accepted(over: Partial<QueuedRun> = {}): Promise<QueuedRun> {
      const run = newRun(over);
      await store.accept(run);
      return run;
    }

    it('gives back what it was given', async () => {
      const request = runRequest({ parameters: { deep: { list: [1, 'two', null, { 'a.b': true }] }, ключ: '😀' } });
      const run = await accepted({ request });
      expect(await store.get(run.runId)).toEqual(run);
    });

    it('finds queued runs that are too late to be launched, and no others', async () => {
      const request = runRequest({ expiresAt: NOW + 60_000 });
      const expires = await accepted({ request });
      const waits = await accepted({ queueTimeoutMs: 90_000, notBefore: NOW + 9_000_000 });
      await accepted({ queueTimeoutMs: 9_000_000 });
      const lifted = await accepted({ queueTimeoutMs: 90_000 });
      await store.move(lifted, { ...lifted, version: 2, queueTimeoutMs: 9_000_000 });
      const launched = await accepted({ request });
      await store.move(launched, launching(launched));
      const overdue = async (now: number): Promise<readonly string[]> => {
        const found: string[] = [];
        for await (const runs of store.overdue(now)) found.push(...runs.map(({ runId }) => runId));
        return found;
      };
      expect(await overdue(NOW + 59_999)).toEqual([]);
      expect(await overdue(NOW + 60_000)).toEqual([expires.runId]);
      expect((await overdue(NOW + 120_000)).toSorted()).toEqual([expires.runId, waits.runId].toSorted());
    });

    it('knows nothing of a run that nobody accepted', async () => {
      expect(await store.get('nobody')).toBeUndefined();
    });

    it('accepts a run once: the first stands', async () => {
      const run = newRun();
      expect(await store.accept(run)).toEqual({ run, isNew: true });
      const again = await store.accept({ ...run, bodyHash: 'other' });
      expect(again).toEqual({ run, isNew: false });
    });

    it('moves a run that nobody has changed', async () => {
      const run = await accepted();
      const moved = launching(run);
      expect(await store.move(run, moved)).toEqual(moved);
      expect(await store.get(run.runId)).toEqual(moved);
    });

    it('lets one of two moves from the same version win', async () => {
      const run = await accepted();
      const moves = await Promise.all([store.move(run, launching(run)), store.move(run, launching(run))]);
      expect(moves.filter((moved) => moved !== undefined)).toHaveLength(1);
    });

    it('refuses a move that the table of moves does not know', async () => {
      const run = await accepted();
      const ended = finished(run);
      await store.move(run, ended);
      await expect(store.move(ended, launching({ ...run, version: ended.version }))).rejects.toThrow(
        'no move from FAILED',
      );
    });

    it('reads many at once, in order, and leaves out what is not there', async () => {
      const runs = [await accepted(), await accepted()];
      const ids = [runs[1]?.runId ?? '', 'nobody', runs[0]?.runId ?? ''];
      expect((await store.getMany(ids)).map(({ runId }) => runId)).toEqual([ids[0], ids[2]]);
    });

    it('finds queued runs that are due, the most urgent first', async () => {
      const due = await accepted({ request: runRequest({ flow: 'urgent', priority: 5 }) });
      const later = await accepted({ notBefore: NOW + 3_600_000 });
      const found = (await store.queued(NOW, 100)).map(({ runId }) => runId);
      expect(found[0]).toBe(due.runId);
      expect(found).not.toContain(later.runId);
    });

    it('finds what is due behind many that are to be skipped, the most urgent first', async () => {
      const crowd = await Promise.all(
        Array.from({ length: 60 }, () => accepted({ notBefore: NOW - 10_000, request: runRequest({ priority: 900 }) })),
      );
      const behind = await accepted({ notBefore: NOW - 1_000, request: runRequest({ priority: 800 }) });
      const skipped = new Set(crowd.map(({ runId }) => runId));
      const found = await store.queued(NOW, 5, { ...NOBODY, run: (runId) => skipped.has(runId) });
      expect(found[0]?.runId).toBe(behind.runId);
      expect(found.some(({ runId }) => skipped.has(runId))).toBe(false);
    });

    it('deals a single run of one flow in with the first of another flow that has a crowd', async () => {
      const ofCrowd = runRequest({ flow: 'crowd', priority: 960 });
      const ofOne = runRequest({ flow: 'alone', priority: 960 });
      await Promise.all(Array.from({ length: 120 }, () => accepted({ notBefore: NOW - 9_000, request: ofCrowd })));
      const alone = await accepted({ notBefore: NOW - 1_000, request: ofOne });
      const found = await store.queued(NOW, 2);
      expect(found.map(({ runId }) => runId)).toContain(alone.runId);
    });

    it('lets every flow come up, even if one run at a time is asked for', async () => {
      const request = (flow: string) => runRequest({ flow, priority: 970 });
      for (const flow of ['turn-a', 'turn-a', 'turn-b', 'turn-b', 'turn-c']) await accepted({ request: request(flow) });
      const flows = new Set<string>();
      for (let i = 0; i < 3; i += 1) flows.add((await store.queued(NOW, 1))[0]?.request.flow ?? '');
      expect([...flows].sort()).toEqual(['turn-a', 'turn-b', 'turn-c']);
    });

    it('passes over lanes that are to be skipped', async () => {
      const slots = [{ key: 'flow/full', limit: 1 }];
      const request = runRequest({ flow: 'full', priority: 980 });
      const full = await Promise.all(Array.from({ length: 150 }, () => accepted({ request, slots })));
      const free = await accepted({ request, notBefore: NOW - 1 });
      const lane = (name: string) => full[0] !== undefined && name === laneOf(full[0]).lane;
      const found = (await store.queued(NOW, 10, { ...NOBODY, lane })).map(({ runId }) => runId);
      expect(found[0]).toBe(free.runId);
      expect(found).not.toContain(full[0]?.runId);
    });

    slotCases(
      () => store,
      () => accepted(),
    );

    it('finds the runs in flight, and no others', async () => {
      const queued = await accepted();
      const run = await accepted();
      await store.move(run, launching(run));
      const ids = (await allInFlight(store)).map(({ runId }) => runId);
      expect(ids).toContain(run.runId);
      expect(ids).not.toContain(queued.runId);
    });

    it('lists the runs of a flow, the newest first, page by page', async () => {
      const request = runRequest({ flow: 'listed' });
      const runs = [await accepted({ request }), await accepted({ request }), await accepted({ request })];
      const newestFirst = runs.map(({ runId }) => runId).reverse();
      const first = await store.list({ flow: 'listed', until: NOW + 60_000, limit: 2 });
      const cursor = first.cursor ?? '';
      const second = await store.list({ flow: 'listed', until: NOW + 60_000, limit: 2, cursor });
      expect([...first.runs, ...second.runs].map(({ runId }) => runId)).toEqual(newestFirst);
      expect(second.cursor).toBeUndefined();
    });

    it('lists all runs across days, back to a moment', async () => {
      const request = runRequest({ flow: 'other-day' });
      const old = await accepted({ request, requestedAt: NOW - 3 * 86_400_000 });
      const older = await accepted({ request, requestedAt: NOW - 5 * 86_400_000 });
      const listed = await store.list({ until: NOW + 60_000, since: NOW - 4 * 86_400_000, limit: 1_000 });
      const ids = listed.runs.map(({ runId }) => runId);
      expect(ids).toContain(old.runId);
      expect(ids).not.toContain(older.runId);
    });

    it('lists runs by their status', async () => {
      const run = await accepted({ request: runRequest({ flow: 'by-status' }) });
      await accepted({ request: runRequest({ flow: 'by-status' }) });
      await store.move(run, finished(run));
      const { runs } = await store.list({ flow: 'by-status', status: 'FAILED', until: NOW + 60_000, limit: 10 });
      expect(runs.map(({ runId }) => runId)).toEqual([run.runId]);
    });
  });
}

function launching(run: QueuedRun): LaunchingRun {
  return {
    ...nextFacts(run, 'LAUNCHING', NOW, 'agent-1'),
    status: 'LAUNCHING',
    placement: 0,
    lease: { owner: 'agent-1', instance: 'i', epoch: 1, until: NOW },
    intent: {
      request: { cluster: 'main', clientToken: 't', startedBy: `slipway/${run.runId}/1`, taskDefinition: 'etl:7' },
      container: 'flow',
      worker: false,
      policy: DEFAULT_POLICY,
      createdAt: NOW,
    },
  };
}

function finished(run: QueuedRun): FinishedRun {
  const reason = { code: 'INVALID_CONFIG', message: 'no' } as const;
  return { ...nextFacts(run, 'FAILED', NOW, 'agent-1', reason), status: 'FAILED', finishedAt: NOW, reason };
}

async function allInFlight(store: RunStore) {
  const found = [];
  for await (const runs of store.inFlight()) found.push(...runs);
  return found;
}
