import { expect, it } from 'vitest';
import { nextFacts } from '../../src/core/next-facts.ts';
import type { FinishedRun, FlowRun, LaunchingRun, QueuedRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { Slot } from '../../src/core/slots.ts';

const NOW = Date.UTC(2026, 9, 1, 12);

/** What a record of runs promises about the slots of limits. */
export function slotCases(store: () => RunStore, accepted: () => Promise<QueuedRun>): void {
  let keys = 0;
  function slot(limit: number): Slot {
    keys += 1;
    return { key: `flow/limited/${keys} ☂`, limit };
  }

  async function claimed(...slots: readonly Slot[]): Promise<LaunchingRun> {
    const run = await accepted();
    const outcome = await store().claim(run, launching(run, slots));
    if (outcome.kind !== 'claimed') throw new Error(outcome.kind);
    return outcome.run;
  }

  it('claims a run together with its slots', async () => {
    const one = slot(1);
    const run = await claimed(one);
    expect(await store().get(run.runId)).toEqual(run);
    expect(await store().slotHolders(one.key)).toEqual([run.runId]);
  });

  it('claims nothing where a limit is full, and says who holds it', async () => {
    const [free, full] = [slot(1), slot(1)];
    const holder = await claimed(full);
    const run = await accepted();
    const outcome = await store().claim(run, launching(run, [free, full]));
    expect(outcome).toEqual({ kind: 'full', slot: { ...full, holders: [holder.runId] } });
    expect(await store().get(run.runId)).toEqual(run);
    expect(await store().slotHolders(free.key)).toEqual([]);
  });

  it('lets no more runs through a limit than it allows, whoever claims at the same moment', async () => {
    const three = slot(3);
    const runs = await Promise.all(Array.from({ length: 12 }, accepted));
    const outcomes = await Promise.all(runs.map((run) => store().claim(run, launching(run, [three]))));
    const kinds = outcomes.map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array(3).fill('claimed'), ...Array(9).fill('full')]);
    expect(await store().slotHolders(three.key)).toHaveLength(3);
  });

  it('takes no slot for a claim that is lost', async () => {
    const one = slot(1);
    const run = await accepted();
    await store().move(run, finished(run));
    expect(await store().claim(run, launching(run, [one]))).toEqual({ kind: 'lost' });
    expect(await store().slotHolders(one.key)).toEqual([]);
  });

  it('goes by the limit of the claim: a larger one lets more through', async () => {
    const one = slot(1);
    await claimed(one);
    await claimed({ ...one, limit: 2 });
    expect(await store().slotHolders(one.key)).toHaveLength(2);
  });

  it('keeps a slot while the run stays in flight', async () => {
    const one = slot(1);
    const run = await claimed(one);
    const cancel = { by: 'ada', reason: 'no need', at: NOW };
    await store().move(run, { ...run, version: run.version + 1, cancel });
    expect(await store().slotHolders(one.key)).toEqual([run.runId]);
  });

  it.each(['its end', 'its return to the queue'])('gives a slot back with %s, and only once', async (how) => {
    const one = slot(1);
    const run = await claimed(one);
    const next = how === 'its end' ? finished(run) : queuedAgain(run);
    expect(await store().move(run, next)).toEqual(next);
    expect(await store().slotHolders(one.key)).toEqual([]);
    const other = await claimed(one);
    expect(await store().move(run, next)).toBeUndefined();
    expect(await store().slotHolders(one.key)).toEqual([other.runId]);
  });

  it('lets only a claim take slots', async () => {
    const run = await accepted();
    await expect(store().move(run, launching(run, [slot(1)]))).rejects.toThrow('only a claim takes slots');
  });

  it('frees a slot of a run that is not as it was when it took it, or is gone', async () => {
    const two = slot(2);
    const run = await claimed(two);
    expect(await store().freeSlot(two.key, run.runId, run)).toBe(true);
    expect(await store().freeSlot(two.key, 'nobody', undefined)).toBe(true);
    expect(await store().slotHolders(two.key)).toEqual([]);
  });

  it('frees no slot of a run that has changed since it was looked at', async () => {
    const two = slot(2);
    const run = await claimed(two);
    expect(await store().freeSlot(two.key, run.runId, { ...run, version: run.version - 1 })).toBe(false);
    expect(await store().freeSlot(two.key, run.runId, undefined)).toBe(false);
    expect(await store().slotHolders(two.key)).toEqual([run.runId]);
  });
}

function launching(run: QueuedRun, slots: readonly Slot[]): LaunchingRun {
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
      slots,
      createdAt: NOW,
    },
  };
}

const REASON = { code: 'INVALID_CONFIG', message: 'no' } as const;

function finished(run: FlowRun): FinishedRun {
  return { ...nextFacts(run, 'FAILED', NOW, 'agent-1', REASON), status: 'FAILED', finishedAt: NOW, reason: REASON };
}

function queuedAgain(run: LaunchingRun): QueuedRun {
  return { ...nextFacts(run, 'QUEUED', NOW, 'agent-1', REASON), status: 'QUEUED', notBefore: NOW, placement: 1 };
}
