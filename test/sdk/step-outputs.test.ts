import { describe, expect, it } from 'vitest';
import { flow, memoryStepStore, runFlow, type StepStore } from '../../src/sdk/index.ts';

describe('outputs', () => {
  it.each([
    ['a Date', new Date(0), 'a Date'],
    ['a Map inside', { rows: new Map() }, '"rows" is a Map'],
    ['not a number', { mean: Number.NaN }, '"mean" is NaN'],
    ['a bigint', [1n], 'bigint'],
    ['bytes', new Uint8Array(2), 'binary data'],
  ])('that JSON would change fail the step: %s', async (_, value, words) => {
    const graph = flow('lossy', { version: '1' }, (step) => step('lossy', { retries: 3 }, () => value));
    const failure = runFlow(graph, { delays: false });
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toMatchObject({ name: 'StepFailed', tries: 1 });
  });

  it('can be kept by a serializer of the flow', async () => {
    const serializer = {
      name: 'dates',
      contentType: 'text/plain',
      extension: 'txt',
      encode: (output: unknown) => (output instanceof Date ? output.toISOString() : ''),
      decode: (bytes: Uint8Array) => new Date(new TextDecoder().decode(bytes)),
    };
    const graph = flow('dates', { version: '1', serializer }, (step) => step('epoch', {}, () => new Date(0)));
    expect((await runFlow(graph)).output).toEqual(new Date(0));
  });

  it('that the store cannot take reject with what the store has said, not as a failure of the step', async () => {
    const trouble = new Error('no route to S3');
    const store: StepStore = { ...memoryStepStore(), save: () => Promise.reject(trouble) };
    const graph = flow('store', { version: '1' }, (step) => step('a', {}, () => 1));
    await expect(runFlow(graph, { store })).rejects.toBe(trouble);
  });
});

describe('reports', () => {
  it('come in order, with the step and the element that made them', async () => {
    const graph = flow('reports', { version: '1' }, (step) => {
      const list = step('list', {}, ({ report }) => {
        report.materialization('s3://lake/list', { metadata: { rows: 2 }, dataVersion: 'v1' });
        report.check('s3://lake/list', 'not empty', true);
        return ['a'];
      });
      return step('each', { mapOver: list }, ({ report }) => {
        report.message({ any: 'thing' });
        report.progress(1, 2, 'half');
      });
    });
    const { reports, events } = await runFlow(graph);
    expect(reports).toEqual([
      { type: 'materialization', assetKey: 's3://lake/list', metadata: { rows: 2 }, dataVersion: 'v1' },
      { type: 'check', assetKey: 's3://lake/list', checkName: 'not empty', passed: true, severity: 'ERROR' },
      { type: 'message', payload: { any: 'thing' } },
      { type: 'progress', done: 1, total: 2, text: 'half' },
    ]);
    expect(events.filter(({ kind }) => kind === 'report').slice(2)).toMatchObject([
      { step: 'each', index: 0 },
      { step: 'each', index: 0 },
    ]);
  });
});
