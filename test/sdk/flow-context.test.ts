import { describe, expect, expectTypeOf, it } from 'vitest';
import type { FlowContext, FlowExport, FlowFunction, FlowLog } from '../../src/sdk/index.ts';
import { reporter } from '../../src/sdk/report.ts';

interface Parameters {
  readonly name: string;
}

const silent: FlowLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function contextOf<P>(parameters: P): FlowContext<P> {
  const report = reporter(() => {});
  const signal = new AbortController().signal;
  return {
    runId: 'r',
    attempt: 1,
    flow: 'f',
    flowVersion: '1',
    org: 'default',
    parameters,
    log: silent,
    report,
    signal,
  };
}

describe("a flow's types", () => {
  it('let a flow be called in a test, without AWS and without a worker', async () => {
    const greet: FlowFunction<Parameters, string> = async ({ parameters, log }) => {
      log.info('greeting', { name: parameters.name });
      return `Hello, ${parameters.name}!`;
    };
    expect(await greet(contextOf({ name: 'Ann' }))).toBe('Hello, Ann!');
  });

  it('take a function or an object with run() as the default export, and know its parameters', () => {
    expectTypeOf<(context: FlowContext<Parameters>) => Promise<number>>().toExtend<FlowExport<Parameters, number>>();
    expectTypeOf<{ run(context: FlowContext<Parameters>): number }>().toExtend<FlowExport<Parameters, number>>();
    expectTypeOf<{ start(): void }>().not.toExtend<FlowExport>();
    expectTypeOf<FlowContext<Parameters>['parameters']>().toEqualTypeOf<Parameters>();
  });
});
