import { describe, expect, it } from 'vitest';
import { flow, memoryStepStore, runFlow, type StepStore } from '../../src/sdk/index.ts';

describe('a flow that is run again with the store of the first attempt', () => {
  it('does not call finished steps and elements again', async () => {
    const called: string[] = [];
    let mayPass = false;
    const store = memoryStepStore();
    const graph = flow('resume', { version: '1' }, (step) => {
      const list = step('list', {}, () => {
        called.push('list');
        return [0, 1, 2];
      });
      const each = step('each', { mapOver: list, concurrency: 1 }, ({ item }) => {
        called.push(`each ${item}`);
        if (item === 1 && !mayPass) throw new Error('not yet');
        return item + 1;
      });
      return step('sum', { inputs: { each } }, ({ inputs }) => inputs.each.reduce((sum, n) => sum + n, 0));
    });
    await expect(runFlow(graph, { store })).rejects.toThrow('step each element 1 failed');
    mayPass = true;
    const { output, steps, events } = await runFlow(graph, { store });
    expect(output).toBe(6);
    expect(called).toEqual(['list', 'each 0', 'each 1', 'each 1', 'each 2']);
    expect(steps).toEqual([
      { step: 'list', tries: 0, from: 'store' },
      { step: 'each', tries: 2, from: 'run' },
      { step: 'sum', tries: 1, from: 'run' },
    ]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'step-started', step: 'each', items: 3, kept: 1 }));
  });

  it('gives later steps the same whether an output has just been made or was kept', async () => {
    const graph = flow('same', { version: '1' }, (step) => {
      const made = step('made', {}, (): { a: number; b?: number } => ({ a: 1, b: undefined as never }));
      return step('seen', { inputs: { made } }, ({ inputs }) => Object.keys(inputs.made));
    });
    const store = memoryStepStore();
    expect((await runFlow(graph, { store })).output).toEqual(['a']);
    expect((await runFlow(graph, { store })).output).toEqual(['a']);
  });

  it('keeps an output that is undefined', async () => {
    let calls = 0;
    const graph = flow('nothing', { version: '1' }, (step) =>
      step('nothing', {}, () => {
        calls += 1;
      }),
    );
    const store = memoryStepStore();
    await runFlow(graph, { store });
    expect((await runFlow(graph, { store })).output).toBeUndefined();
    expect(calls).toBe(1);
  });
});

describe('a step with a cache key', () => {
  it('is not called when any run of the flow has kept its output under that key', async () => {
    let calls = 0;
    const parameters = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] } as const;
    const graph = flow('cached', { version: '1', parameters }, (step) => {
      const days = step('days', {}, ({ parameters: { day } }) => [day, 'always']);
      return step('load', { mapOver: days, concurrency: 1, cacheKey: ({ item }) => item }, ({ item }) => {
        calls += 1;
        return `${item}!`;
      });
    });
    const cache = memoryStepStore();
    const ofRun = (): StepStore => ({
      ...memoryStepStore(),
      loadCached: cache.loadCached,
      saveCached: cache.saveCached,
    });
    await runFlow(graph, { store: ofRun(), parameters: { day: 'mon' } });
    const second = await runFlow(graph, { store: ofRun(), parameters: { day: 'tue' } });
    expect(second.output).toEqual(['tue!', 'always!']);
    expect(calls).toBe(3);
    expect(second.events.filter(({ kind }) => kind === 'item-finished')).toMatchObject([
      { index: 0, from: 'run' },
      { index: 1, from: 'cache' },
    ]);
  });

  it('fails when no key can be made', async () => {
    const graph = flow('keyless', { version: '1' }, (step) => step('a', { cacheKey: () => '' }, () => 1));
    await expect(runFlow(graph)).rejects.toThrow('step a failed: TypeError: cacheKey has to return text');
  });
});
