import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowStart } from '../../src/worker/flow-messages.ts';
import { runModule } from '../../src/worker/run-module.ts';
import { processDeps, type TestDeps, until } from './fixtures.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-module-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function startOf(source: string, ending = '.mjs'): Promise<FlowStart> {
  count += 1;
  const module = join(folder, `flow-${count}${ending}`);
  await writeFile(module, source);
  return {
    module,
    facts: { runId: 'run-1', attempt: 2, flow: 'etl', flowVersion: '1.4.2', org: 'default', correlationId: 'c-1' },
    parameters: { date: '2026-10-01', deep: { list: [1, null] } },
    logLevel: 'info',
  };
}

/** Takes what a flow tells, and keeps nothing. */
const NOBODY = { note: () => {}, answer: async () => undefined };

async function run(source: string, deps: TestDeps = processDeps()) {
  return runModule(await startOf(source), NOBODY, deps);
}

/** Starts a flow that says `ready` when it is at work. */
async function started(source: string, deps: TestDeps) {
  const running = run(source, deps);
  await until(() => deps.stdout.text.includes('ready'));
  return running;
}

describe("a flow's module", () => {
  it('is given the context of its run, and its result is kept', async () => {
    const ending = await run(
      `export default async ({ log, report, signal, ...facts }) => ({ ...facts, aborted: signal.aborted })`,
    );
    const json = ending.kind === 'succeeded' ? (ending.json ?? '') : '';
    expect(JSON.parse(json)).toEqual({
      runId: 'run-1',
      attempt: 2,
      flow: 'etl',
      flowVersion: '1.4.2',
      org: 'default',
      correlationId: 'c-1',
      parameters: { date: '2026-10-01', deep: { list: [1, null] } },
      aborted: false,
    });
  });

  it('may be a function that returns nothing, an object with run(), or CommonJS', async () => {
    expect(await run('export default () => {}')).toEqual({ kind: 'succeeded' });
    const object = 'export default { word: 42, async run() { return this.word } }';
    expect(await run(object)).toEqual({ kind: 'succeeded', json: '42' });
    const common = await startOf('module.exports = async () => "old"', '.js');
    expect(await runModule(common, NOBODY, processDeps())).toEqual({ kind: 'succeeded', json: '"old"' });
  });

  it('writes one JSON line per event, with the ids of its run', async () => {
    const deps = processDeps();
    await run(
      `export default ({ log }) => { log.debug('no'); log.info('extracted', { step: 'extract', rows: 3 }) }`,
      deps,
    );
    const lines = deps.stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        level: 'info',
        event: 'extracted',
        runId: 'run-1',
        attempt: 2,
        flow: 'etl',
        correlationId: 'c-1',
        step: 'extract',
        rows: 3,
      },
    ]);
  });

  it('fails by throwing: the stack goes to the log, its first line to the record', async () => {
    const deps = processDeps();
    const ending = await run(`export default async () => { throw new RangeError('bad date\\nsecond line') }`, deps);
    expect(ending).toMatchObject({ kind: 'failed', exitCode: 1, message: 'RangeError: bad date' });
    expect(deps.stderr.text).toContain('RangeError: bad date\nsecond line');
    expect(deps.stderr.text).toMatch(/at .*flow-\d+\.mjs/);
  });

  it.each([
    ['throws text', `export default () => { throw 'no' }`, { exitCode: 1, message: "'no'" }],
    ['does not parse', 'export default (', { exitCode: 1, message: expect.stringContaining('SyntaxError') }],
    ['imports what is not there', `import 'nowhere'`, { exitCode: 1, message: expect.stringContaining("'nowhere'") }],
    [
      'calls process.exit',
      'export default () => process.exit(7)',
      { exitCode: 7, message: expect.stringContaining('exited with 7') },
    ],
    [
      'exits with 0 before it returned',
      'export default () => process.exit(0)',
      { exitCode: 1, message: expect.stringContaining('before the flow had returned') },
    ],
    [
      'awaits what never happens',
      'export default () => new Promise(() => {})',
      { exitCode: 1, message: expect.stringContaining('never happens') },
    ],
    [
      'awaits what never happens while it loads',
      'await new Promise(() => {})',
      { exitCode: 1, message: expect.stringContaining('never happens') },
    ],
    [
      'throws where nobody catches',
      `export default () => { setTimeout(() => { throw new Error('late') }); return new Promise((done) => setTimeout(done, 60000)) }`,
      { exitCode: 1, message: 'Error: late' },
    ],
    [
      'leaves a rejection alone',
      `export default () => { Promise.reject(new Error('lost')); return new Promise((done) => setTimeout(done, 60000)) }`,
      { exitCode: 1, message: 'Error: lost' },
    ],
    [
      'is killed',
      `export default () => process.kill(process.pid, 'SIGKILL')`,
      { exitCode: 137, message: expect.stringContaining('SIGKILL') },
    ],
    [
      'returns what is no JSON',
      'export default () => 1n',
      { exitCode: 1, message: expect.stringContaining('JSON cannot say') },
    ],
    [
      'returns a circle',
      'export default () => { const a = {}; a.a = a; return a }',
      { exitCode: 1, message: expect.stringContaining('JSON cannot say') },
    ],
    [
      'exits badly after it returned',
      'export default () => { process.on("exit", () => { process.exitCode = 5 }); return 1 }',
      { exitCode: 5, message: expect.stringContaining('ended with 5') },
    ],
  ])('has failed when it %s', async (_what, source, expected) => {
    expect(await run(source)).toMatchObject({ kind: 'failed', ...expected });
  });

  it('without a flow is told so in plain words, without a stack', async () => {
    const deps = processDeps();
    const ending = await run('export const flow = 1', deps);
    expect(ending).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('exports flow; it has to export'),
    });
    expect(deps.stderr.text).not.toMatch(/\n\s+at /);
  });

  it('that leaves something open has succeeded all the same, and is ended', async () => {
    const deps = { ...processDeps(), lingerMs: 50 };
    const source = 'export default () => { setInterval(() => {}, 1000); console.log(process.pid); return "done" }';
    expect(await run(source, deps)).toEqual({ kind: 'succeeded', json: '"done"' });
    expect(() => process.kill(Number(deps.stdout.text), 0)).toThrow('ESRCH');
  });

  it('cannot confuse the worker with messages of its own', async () => {
    const source = `export default async () => {
      for (const message of ['ready', { slipway: 'threw' }, { slipway: 1 }, null, 7]) process.send(message);
      return 'fine';
    }`;
    expect(await run(source)).toEqual({ kind: 'succeeded', json: '"fine"' });
  });

  it('may return a great deal', async () => {
    const ending = await run(`export default () => 'x'.repeat(8 * 1024 * 1024)`);
    expect(ending.kind === 'succeeded' && ending.json?.length).toBe(8 * 1024 * 1024 + 2);
  });
});

describe('a flow that is to stop', () => {
  it('has its signal aborted, and what it returns then proves nothing', async () => {
    const deps = processDeps();
    const running = started(
      `export default ({ signal }) => new Promise((done) => {
        const timer = setInterval(() => {}, 1000);
        signal.addEventListener('abort', () => { clearInterval(timer); console.log('tidy', signal.reason.message); done('ok') });
        console.log('ready');
      })`,
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted', exitCode: 143 });
    expect(deps.stdout.text).toContain('tidy the run is being stopped (SIGTERM)');
  });

  it('leaves no stack behind when it ends as its signal says', async () => {
    const deps = processDeps();
    const running = started(
      `import { setTimeout as sleep } from 'node:timers/promises';
      export default ({ signal }) => { console.log('ready'); return sleep(60_000, undefined, { signal }); }`,
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
    expect(deps.stderr.text).toBe('');
  });

  it('leaves the stack of what went wrong while it tidied up', async () => {
    const deps = processDeps();
    const running = started(
      `export default ({ signal }) => new Promise((_, fail) => {
        const timer = setInterval(() => {}, 1000);
        signal.addEventListener('abort', () => { clearInterval(timer); fail(new Error('the file is locked')) });
        console.log('ready');
      })`,
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
    expect(deps.stderr.text).toContain('the file is locked');
  });

  it('is killed when it blocks', async () => {
    const deps = { ...processDeps(), graceMs: 100 };
    const running = started(
      `import { writeSync } from 'node:fs'; export default () => { writeSync(1, 'ready\\n'); for (;;); }`,
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
  });

  it('was interrupted even if it heard of it, and ended, before its worker did', async () => {
    const deps = processDeps();
    const running = started(
      `export default ({ signal }) => {
        setInterval(() => {}, 1000);
        process.on('disconnect', () => console.log('said'));
        console.log('ready');
        process.kill(process.pid, 'SIGTERM');
        return new Promise((done) => signal.addEventListener('abort', () => done('ok')));
      }`,
      deps,
    );
    await until(() => deps.stdout.text.includes('said'));
    deps.stopping.ask();
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
  });

  it('has succeeded if it had returned before it was asked', async () => {
    const deps = processDeps();
    const running = started(
      `export default () => { setInterval(() => {}, 1000); process.on('disconnect', () => console.log('ready')); return 1 }`,
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    deps.stopping.ask();
    expect(await running).toEqual({ kind: 'succeeded', json: '1' });
  });
});
