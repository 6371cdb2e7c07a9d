import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type FlowEvent, flow, memoryStepStore, runFlow } from '../../src/sdk/index.ts';

/** Lets everything that waits for nothing but itself come to rest. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

function kinds(events: readonly FlowEvent[]): string[] {
  return events.map((event) => ('step' in event ? `${event.kind} ${event.step}` : event.kind));
}

describe('executeFlow', () => {
  it('gives each step the outputs of the steps whose handles it was given, and returns what the result step returns', async () => {
    const graph = flow('sums', { version: '1' }, (step) => {
      const one = step('one', {}, () => 1);
      const two = step('two', { inputs: { one } }, async ({ inputs }) => inputs.one + 1);
      return step('sum', { inputs: { one, two } }, ({ inputs }) => inputs.one + inputs.two);
    });
    const { output, steps } = await runFlow(graph);
    expect(output).toBe(3);
    expect(steps.map(({ step }) => step)).toEqual(['one', 'two', 'sum']);
  });

  it('runs steps that do not wait for each other at once, and a step after those it names', async () => {
    const order: string[] = [];
    const release: (() => void)[] = [];
    const graph = flow('diamond', { version: '1' }, (step) => {
      const slow = (name: string) =>
        step(name, {}, () => {
          order.push(name);
          return new Promise<void>((resolve) => release.push(resolve));
        });
      const [left, right] = [slow('left'), slow('right')];
      step('last', { after: [left, right] }, () => void order.push('last'));
      return undefined;
    });
    const running = runFlow(graph);
    await settled();
    expect(order).toEqual(['left', 'right']);
    for (const let_go of release) let_go();
    await running;
    expect(order).toEqual(['left', 'right', 'last']);
  });

  it('runs no more steps at once than the flow allows', async () => {
    let [now, most] = [0, 0];
    const graph = flow('wide', { version: '1', concurrency: 3 }, (step) => {
      for (let n = 0; n < 9; n += 1) {
        step(`s${n}`, {}, async () => {
          now += 1;
          most = Math.max(most, now);
          await settled();
          now -= 1;
        });
      }
      return undefined;
    });
    await runFlow(graph);
    expect(most).toBe(3);
  });

  it('calls a step with mapOver for each element, in its own concurrency, and keeps their order', async () => {
    let [now, most] = [0, 0];
    const graph = flow('map', { version: '1' }, (step) => {
      const words = step('words', {}, () => ['a', 'bb', 'ccc', 'dddd']);
      return step('lengths', { mapOver: words, concurrency: 2 }, async ({ item, index }) => {
        now += 1;
        most = Math.max(most, now);
        await settled();
        now -= 1;
        return { index, length: item.length };
      });
    });
    const { output } = await runFlow(graph);
    expect(output).toEqual([1, 2, 3, 4].map((length, index) => ({ index, length })));
    expect(most).toBe(2);
  });

  it('maps over an empty list without calling anything', async () => {
    const graph = flow('none', { version: '1' }, (step) => {
      const none = step('none', {}, (): readonly string[] => []);
      return step('each', { mapOver: none }, ({ item }) => item.length);
    });
    expect((await runFlow(graph)).output).toEqual([]);
  });

  it('fails a step that is to map over something else than a list, in words that name both', async () => {
    const graph = flow('wrong', { version: '1' }, (step) => {
      const none = step('numbers', {}, (): readonly number[] => JSON.parse('{"not":"a list"}'));
      return step('each', { mapOver: none }, ({ item }) => item);
    });
    await expect(runFlow(graph)).rejects.toThrow(
      'step each failed: TypeError: mapOver needs a list, and step numbers has put out object',
    );
  });
});

describe('a step that throws', () => {
  it('is called again as often as its retries say, and sees which try it is', async () => {
    const tries: number[] = [];
    const graph = flow('retry', { version: '1' }, (step) =>
      step('flaky', { retries: 2 }, (context) => {
        tries.push(context.try);
        if (context.try < 3) throw new Error('not yet');
        return 'done';
      }),
    );
    const { output, steps, events } = await runFlow(graph, { delays: false });
    expect(output).toBe('done');
    expect(tries).toEqual([1, 2, 3]);
    expect(steps).toEqual([{ step: 'flaky', tries: 3, from: 'run' }]);
    expect(kinds(events)).toEqual([
      'step-started flaky',
      'try-started flaky',
      'try-failed flaky',
      'try-started flaky',
      'try-failed flaky',
      'try-started flaky',
      'step-finished flaky',
    ]);
  });

  it('fails the flow when its tries are used up, with its cause and its name', async () => {
    const cause = new RangeError('too much\nof everything');
    const graph = flow('fail', { version: '1' }, (step) => {
      const bad = step('bad', { retries: 1 }, () => {
        throw cause;
      });
      return step('never', { after: [bad] }, () => expect.unreachable());
    });
    await expect(runFlow(graph, { delays: false })).rejects.toMatchObject({
      name: 'StepFailed',
      message: 'step bad failed: RangeError: too much',
      step: 'bad',
      tries: 2,
      cause,
    });
  });

  it('lets what runs beside it finish, and begins nothing new', async () => {
    const done: string[] = [];
    const store = memoryStepStore();
    const graph = flow('beside', { version: '1' }, (step) => {
      step('bad', {}, async () => {
        throw new Error('bad');
      });
      const slow = step('slow', {}, async () => {
        await settled();
        done.push('slow');
        return 7;
      });
      return step('next', { inputs: { slow } }, () => done.push('next'));
    });
    await expect(runFlow(graph, { store })).rejects.toThrow('step bad failed');
    expect(done).toEqual(['slow']);
    expect(await store.load('slow')).toEqual({ output: 7 });
  });

  it('with mapOver, fails with the place of its element; elements that are done stay done', async () => {
    const store = memoryStepStore();
    const graph = flow('items', { version: '1' }, (step) => {
      const list = step('list', {}, () => [0, 1, 2, 3]);
      return step('each', { mapOver: list, concurrency: 1 }, ({ item }) => {
        if (item === 2) throw new Error('two');
        return item * 10;
      });
    });
    await expect(runFlow(graph, { store })).rejects.toMatchObject({ step: 'each', index: 2, tries: 1 });
    expect(await store.loadItems('each')).toEqual(
      new Map([
        [0, 0],
        [1, 10],
      ]),
    );
  });

  it('fails a try that takes longer than its time, even if it does not listen, and aborts its signal', async () => {
    const reasons: unknown[] = [];
    const graph = flow('late', { version: '1' }, (step) =>
      step('late', { timeout: '10ms', retries: 1 }, ({ signal, ...context }) => {
        if (context.try === 2) return 'second';
        signal.addEventListener('abort', () => reasons.push(signal.reason));
        return new Promise<string>(() => undefined);
      }),
    );
    expect((await runFlow(graph, { delays: false })).output).toBe('second');
    expect(reasons).toMatchObject([{ name: 'StepTimeout', message: 'it took longer than 10 ms' }]);
  });
});

describe('a flow that is stopped', () => {
  it('begins nothing new, waits for what runs, and is interrupted', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const graph = flow('stopped', { version: '1' }, (step) => {
      const tidy = step('tidy', { retries: 5 }, async ({ signal }) => {
        stop.abort();
        await settled();
        seen.push(signal.aborted ? 'tidied up' : 'not told');
        throw new Error('stopped');
      });
      return step('next', { after: [tidy] }, () => seen.push('next'));
    });
    await expect(runFlow(graph, { signal: stop.signal })).rejects.toMatchObject({ name: 'FlowInterrupted' });
    expect(seen).toEqual(['tidied up']);
  });

  it('keeps the output of a step that finishes all the same', async () => {
    const stop = new AbortController();
    const store = memoryStepStore();
    const graph = flow('kept', { version: '1' }, (step) => {
      const first = step('first', {}, () => {
        stop.abort();
        return 1;
      });
      return step('second', { inputs: { first } }, () => 2);
    });
    await expect(runFlow(graph, { signal: stop.signal, store })).rejects.toMatchObject({ name: 'FlowInterrupted' });
    expect(await store.load('first')).toEqual({ output: 1 });
  });
});
