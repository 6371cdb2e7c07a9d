import { describe, expect, it } from 'vitest';
import { newRunId, shortIdOf } from '../../src/cli/run-id.ts';
import { readParameters } from '../../src/cli/run-parameters.ts';
import { runMessage } from '../../src/cli/run-request-body.ts';
import { derivedRunId } from '../../src/core/run-identity.ts';
import { emptyFolder } from './cli-process.ts';

describe('parameters on the command line', () => {
  it.each([
    ['name=Ada', { name: 'Ada' }],
    ['n=3', { n: 3 }],
    ['n=1.50', { n: 1.5 }],
    ['on=true', { on: true }],
    ['none=null', { none: null }],
    ['list=["a",1]', { list: ['a', 1] }],
    ['map={"a":1}', { map: { a: 1 } }],
    ['text="3"', { text: '3' }],
    ['date=2026-10-01', { date: '2026-10-01' }],
    ['account=123456789012345678901', { account: '123456789012345678901' }],
    ['zip=012', { zip: '012' }],
    ['empty=', { empty: '' }],
    ['eq=a=b', { eq: 'a=b' }],
  ])('reads %s as JSON where it is JSON', async (word, parameters) => {
    expect(await readParameters([word], '/')).toEqual(parameters);
  });

  it('lays what comes later over what came before, files and pairs alike', async () => {
    const folder = await emptyFolder();
    try {
      await folder.write('params.json', '{"a": 1, "b": {"c": 2}}');
      expect(await readParameters(['a=0', 'z=0', '@params.json', 'b=9'], folder.path)).toEqual({ a: 1, z: 0, b: 9 });
    } finally {
      await folder.remove();
    }
  });

  it('says which file holds no JSON object', async () => {
    const folder = await emptyFolder();
    try {
      await folder.write('list.json', '[1]');
      await expect(readParameters(['@list.json'], folder.path)).rejects.toThrow(
        'list.json does not hold a JSON object',
      );
    } finally {
      await folder.remove();
    }
  });
});

describe('the message for a run', () => {
  it('carries an id of its own choice that people can shorten', () => {
    const { runId, body } = runMessage({ flow: 'hello', parameters: { name: 'Ada' }, label: ['us'] }, 'ada');
    expect(runId).toMatch(/^[a-z0-9]{26}$/);
    expect(JSON.parse(body)).toEqual({
      flow: 'hello',
      runId,
      parameters: { name: 'Ada' },
      labels: ['us'],
      trigger: { source: 'cli', by: 'ada' },
    });
    expect(shortIdOf(runId)).toBe(runId.slice(-6).toUpperCase());
    expect(shortIdOf('order-17')).toBe('order-17');
  });

  it('leaves the id to the idempotency key, so that a second wish finds the first run', () => {
    const wish = { flow: 'hello', parameters: {}, idempotencyKey: 'order-17' };
    const { runId, body } = runMessage(wish, undefined);
    expect(JSON.parse(body)).not.toHaveProperty('runId');
    expect(runId).toBe(derivedRunId('key', 'order-17'));
  });

  it('never makes the same id twice', () => {
    expect(new Set(Array.from({ length: 1000 }, newRunId)).size).toBe(1000);
  });
});
