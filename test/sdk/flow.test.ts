import { describe, expect, expectTypeOf, it } from 'vitest';
import { isFlowGraph } from '../../src/sdk/flow-graph.ts';
import {
  FlowDefinitionError,
  type FlowGraph,
  flow,
  runFlow,
  type StepHandle,
  type StepMaker,
} from '../../src/sdk/index.ts';

/** A flow as JavaScript could write it: of any shape. */
const anyFlow = flow as unknown as (
  name: unknown,
  options: unknown,
  build: (step: (...args: unknown[]) => StepHandle) => unknown,
) => FlowGraph;

const noop = () => undefined;

describe('flow()', () => {
  it('makes plain data of the graph: steps in an order in which they can run, with all defaults filled in', () => {
    const graph = flow('etl', { version: '1.2.0', description: 'Loads.' }, (step) => {
      const list = step('list', { retries: { max: 3, delay: '500ms', factor: 3, maxDelay: '10s' } }, () => [1]);
      const each = step('each', { mapOver: list, concurrency: 4, timeout: '2m' }, ({ item }) => item);
      return step('end', { inputs: { each }, after: [list], retries: 2 }, noop);
    });
    const none = { max: 0, delayMs: 1000, factor: 2, maxDelayMs: 60_000 };
    expect(graph).toMatchObject({ slipwayFlow: 1, name: 'etl', version: '1.2.0', result: 'end', concurrency: 8 });
    expect(graph.steps.map(({ run: _, ...data }) => data)).toEqual([
      {
        name: 'list',
        inputs: {},
        after: [],
        concurrency: 8,
        retries: { max: 3, delayMs: 500, factor: 3, maxDelayMs: 10_000 },
      },
      { name: 'each', inputs: {}, after: [], mapOver: 'list', concurrency: 4, timeoutMs: 120_000, retries: none },
      { name: 'end', inputs: { each: 'each' }, after: ['list'], concurrency: 8, retries: { ...none, max: 2 } },
    ]);
    expect(isFlowGraph(graph)).toBe(true);
    expect(isFlowGraph({ run: noop })).toBe(false);
  });

  const wrong: readonly [string, (step: (...args: unknown[]) => StepHandle) => unknown, string][] = [
    ['no steps', noop, 'flow f has no steps'],
    ['a step without options', (step) => step('a', noop), 'step a: options have to be an object'],
    ['a step without a function', (step) => step('a', {}), 'step a: the third argument has to be its function'],
    ['two steps of one name', (step) => [step('a', {}, noop), step('A', {}, noop)], 'two steps named A'],
    ['a name with a slash', (step) => step('a/b', {}, noop), '"a/b"'],
    ['an unknown option', (step) => step('a', { retry: 3 }, noop), 'step a: there is no option "retry"'],
    ['too many retries', (step) => step('a', { retries: 1e6 }, noop), 'step a: retries has to be'],
    ['a wrong timeout', (step) => step('a', { timeout: '5 minutes' }, noop), 'step a: timeout has to be a duration'],
    ['a longer timeout than a timer has', (step) => step('a', { timeout: '999h' }, noop), 'step a: timeout has to be'],
    [
      'concurrency without mapOver',
      (step) => step('a', { concurrency: 2 }, noop),
      'concurrency is for a step with mapOver',
    ],
    [
      'a value instead of a handle',
      (step) => step('a', { inputs: { x: 5 } }, noop),
      'step a: x has to be what step() returned',
    ],
    ['a result that is no handle', (step) => step('a', {}, noop).step, 'flow f: what build returns has to be'],
    ['an async build', async (step) => step('a', {}, noop), 'build may not be async'],
  ];

  it.each(wrong)('refuses %s, and says so', (_, build, words) => {
    expect(() => anyFlow('f', { version: '1' }, build)).toThrow(FlowDefinitionError);
    expect(() => anyFlow('f', { version: '1' }, build)).toThrow(words);
  });

  it("refuses a handle of another flow, and a step that comes after build's end", () => {
    let foreign: StepHandle | undefined;
    let later: StepMaker | undefined;
    flow('first', { version: '1' }, (step) => {
      later = step;
      foreign = step('a', {}, noop);
      return undefined;
    });
    expect(() => anyFlow('f', { version: '1' }, (step) => step('b', { after: [foreign] }, noop))).toThrow(
      'step b: after',
    );
    expect(() => later?.('c', {}, noop)).toThrow('step c is added after build has returned');
  });

  it.each([
    ['a name with a space', 'my flow', '1', '"my flow"'],
    ['a number as the version', 'f', 1, 'flow f: version has to be text'],
    ['the version "latest"', 'f', 'latest', 'flow f: version has to be text'],
  ])('refuses %s', (_, name, version, words) => {
    expect(() => anyFlow(name, { version }, (step) => step('a', {}, noop))).toThrow(words);
  });
});

describe("a flow's types", () => {
  it("know the parameters from the schema, and a step's inputs from the steps before it", async () => {
    const graph = flow(
      'typed',
      {
        version: '1',
        parameters: {
          type: 'object',
          properties: {
            top: { type: 'integer', default: 3 },
            unit: { enum: ['km', 'mi'] },
            name: { type: ['string', 'null'] },
            tags: { type: 'array', items: { type: 'string' } },
          },
          required: ['name'],
        },
      },
      (step) => {
        const list = step('list', {}, async ({ parameters }) => {
          expectTypeOf(parameters.top).toEqualTypeOf<number>();
          expectTypeOf(parameters.unit).toEqualTypeOf<'km' | 'mi' | undefined>();
          expectTypeOf(parameters.name).toEqualTypeOf<string | null>();
          expectTypeOf(parameters.tags).toEqualTypeOf<readonly string[] | undefined>();
          return ['x'.repeat(parameters.top)];
        });
        const lengths = step('lengths', { mapOver: list, inputs: { list } }, ({ item, inputs, index }) => {
          expectTypeOf(item).toEqualTypeOf<string>();
          expectTypeOf(inputs.list).toEqualTypeOf<string[]>();
          return item.length + index;
        });
        return step('end', { inputs: { lengths } }, ({ inputs }) => {
          expectTypeOf(inputs.lengths).toEqualTypeOf<readonly number[]>();
          return inputs.lengths[0];
        });
      },
    );
    const { output } = await runFlow(graph, { parameters: { name: null } });
    expectTypeOf(output).toEqualTypeOf<number | undefined>();
    expect(output).toBe(3);
    await expect(runFlow(graph)).rejects.toThrow('flow typed needs the parameters name');
  });
});
