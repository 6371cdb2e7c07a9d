import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/service/clock.ts';
import { runCommand } from '../../src/worker/run-command.ts';
import { processDeps, until } from './fixtures.ts';

const node = (program: string, ...args: string[]) => [process.execPath, '-e', program, ...args];

describe('a command', () => {
  it('has succeeded when it exits with 0, and its output is passed on unchanged', async () => {
    const deps = processDeps();
    const ending = await runCommand(['sh', '-c', 'printf "one\\ntwo\\n"; echo "trouble: ключ" >&2'], deps);
    expect(ending).toEqual({ kind: 'succeeded' });
    expect(deps.stdout.text).toBe('one\ntwo\n');
    expect(deps.stderr.text).toBe('trouble: ключ\n');
  });

  it('is started without a shell: nothing in its arguments has a meaning', async () => {
    const deps = processDeps();
    await runCommand(node('console.log(JSON.stringify(process.argv.slice(1)))', '$HOME; rm', '*', 'a b'), deps);
    expect(JSON.parse(deps.stdout.text)).toEqual(['$HOME; rm', '*', 'a b']);
  });

  it('sees the environment of the worker', async () => {
    const deps = processDeps();
    process.env.SLIPWAY_TEST_VALUE = 'passed on';
    await runCommand(node('console.log(process.env.SLIPWAY_TEST_VALUE)'), deps);
    delete process.env.SLIPWAY_TEST_VALUE;
    expect(deps.stdout.text).toBe('passed on\n');
  });

  it('has failed with its own exit code, and its last words say why', async () => {
    const ending = await runCommand(['sh', '-c', 'echo "ValueError: bad date" >&2; exit 3'], processDeps());
    expect(ending).toEqual({
      kind: 'failed',
      exitCode: 3,
      message: 'sh exited with 3: ValueError: bad date',
      traceback: 'ValueError: bad date',
    });
  });

  it('has failed with 128 + n when a signal ended it', async () => {
    const ending = await runCommand(['sh', '-c', 'kill -SEGV $$'], processDeps());
    expect(ending).toMatchObject({ kind: 'failed', exitCode: 139, message: 'sh was ended by SIGSEGV' });
  });

  it('that is not there has failed with 127, and one that is no program with 126', async () => {
    expect(await runCommand(['no-such-program'], processDeps())).toEqual({
      kind: 'failed',
      exitCode: 127,
      message: 'command not found: no-such-program (no such program in the image)',
    });
    expect(await runCommand([import.meta.filename], processDeps())).toMatchObject({ kind: 'failed', exitCode: 126 });
    expect(await runCommand(['bad\0name'], processDeps())).toMatchObject({ kind: 'failed', exitCode: 126 });
  });

  it('is told to stop, may tidy up, and proves nothing by its exit code any more', async () => {
    const deps = processDeps();
    const running = runCommand(
      ['sh', '-c', 'trap "echo tidy; exit 0" TERM; echo ready; while :; do sleep 0.05; done'],
      deps,
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    expect(await running).toEqual({
      kind: 'interrupted',
      exitCode: 143,
      message: 'interrupted by SIGTERM before it had ended',
    });
    expect(deps.stdout.text).toContain('tidy');
  });

  it('that does not heed the signal is killed when its grace is over', async () => {
    const deps = { ...processDeps(), graceMs: 100 };
    const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(process.pid)';
    const running = runCommand(node(program), deps);
    await until(() => deps.stdout.text.endsWith('\n'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
    expect(() => process.kill(Number(deps.stdout.text), 0)).toThrow('ESRCH');
  });

  it('that does not heed the signal is killed at once by a second one', async () => {
    const deps = processDeps();
    const program = 'process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("ready")';
    const running = runCommand(node(program), deps);
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    await until(() => deps.stdout.text.includes('no'));
    deps.stopping.ask();
    expect(await running).toMatchObject({ kind: 'interrupted' });
  });

  it('has ended even if a descendant of it still holds its output open', async () => {
    const deps = processDeps();
    const began = systemClock.monotonic();
    expect(await runCommand(['sh', '-c', 'sleep 25 & echo $!'], deps)).toEqual({ kind: 'succeeded' });
    process.kill(Number(deps.stdout.text), 'SIGKILL');
    expect(systemClock.monotonic() - began).toBeLessThan(20_000);
  });

  it('leaves nothing of itself on the streams that outlive it', async () => {
    const deps = processDeps();
    const listeners = () =>
      [deps.stdout, deps.stderr].flatMap((to) => to.eventNames().map((on) => to.listenerCount(on)));
    const before = listeners();
    for (let count = 0; count < 3; count += 1) await runCommand(['echo', 'said'], deps);
    expect(listeners()).toEqual(before);
    expect(deps.stdout.text).toBe('said\nsaid\nsaid\n');
  });

  it('goes on to its end when nobody reads its output any more', async () => {
    const deps = processDeps();
    deps.stdout.on('error', () => undefined).destroy(new Error('EPIPE'));
    const program = 'for (let i = 0; i < 20_000; i += 1) console.log(String(i).padEnd(80)); process.exitCode = 7;';
    expect(await runCommand(node(program), deps)).toMatchObject({ kind: 'failed', exitCode: 7 });
  });

  it('may say a great deal: nothing is lost and nothing is held back', async () => {
    const deps = processDeps();
    await runCommand(node('for (let i = 0; i < 200000; i++) console.log("line " + i)'), deps);
    expect(deps.stdout.text.split('\n')).toHaveLength(200_001);
  });
});
