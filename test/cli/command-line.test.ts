import { describe, expect, it } from 'vitest';
import { KeptOutput, runInProcess } from './cli-in-process.ts';

const COMMANDS = [
  ['dev'],
  ['local'],
  ['setup'],
  ['run'],
  ['logs'],
  ['render'],
  ['explain'],
  ['diff'],
  ['runs', 'ls'],
  ['runs', 'get'],
  ['runs', 'steps'],
  ['runs', 'reports'],
  ['runs', 'cancel'],
  ['flows', 'build'],
  ['flows', 'publish'],
  ['flows', 'ls'],
  ['flows', 'get'],
  ['flows', 'graph'],
  ['flows', 'validate'],
  ['config', 'validate'],
  ['config', 'show'],
  ['config', 'schema'],
  ['schedules', 'ls'],
  ['schedules', 'next'],
  ['schedules', 'preview'],
  ['schedules', 'diff'],
  ['schedules', 'apply'],
  ['schedules', 'pause'],
  ['schedules', 'resume'],
  ['schedules', 'trigger'],
  ['backfill'],
  ['agent', 'start'],
];

describe('the command line', () => {
  it('shows all commands and the exit codes in its help', async () => {
    const { exitCode, stdout, stderr } = await runInProcess(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(stderr).toBe('');
  });

  it.each(COMMANDS)('shows examples in the help of %s %s', async (...words) => {
    const { exitCode, stdout } = await runInProcess([...words.filter((word) => word !== undefined), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain(`slipway ${words.join(' ')}`.trim());
    expect(stdout).toMatchSnapshot();
  });

  it('tells its version', async () => {
    expect(await runInProcess(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
  });

  it.each([
    { argv: ['rnu', 'hello'], says: 'unknown command "rnu"; did you mean "run"?' },
    { argv: ['runs', 'gett', 'x'], says: 'did you mean "get"?' },
    { argv: ['run', 'hello', '--watc'], says: 'unknown flag or argument "watc"; did you mean "--watch"?' },
    { argv: ['run', 'hello', '--idempotency-kye', 'x'], says: 'did you mean "--idempotency-key"?' },
    { argv: ['run', 'hello', 'there'], says: 'unknown flag or argument "there"' },
    { argv: ['run'], says: 'slipway run <flow>' },
    { argv: [], says: 'a command is missing' },
    { argv: ['runs'], says: 'a command is missing' },
    { argv: ['run', 'hello', '--run-id', 'a', '--run-id', 'b'], says: '--run-id is given twice: a, b' },
    { argv: ['run', 'hello', '--run-id'], says: 'run-id' },
    { argv: ['runs', 'ls', '-o', 'xml'], says: 'Choices: "table", "json"' },
    { argv: ['runs', 'ls', '--limit', 'many'], says: '--limit takes a whole number' },
    { argv: ['runs', 'ls', '--status', 'FALIED'], says: 'did you mean FAILED?' },
    { argv: ['runs', 'ls', '--since', 'lately'], says: '--since takes 30m, 1h, 7d' },
    { argv: ['run', 'hello', '-p', 'name'], says: '-p takes key=value or @file.json: -p number 1 has no key' },
    { argv: ['run', 'hello', '-p', '@nowhere.json'], says: 'the file of -p @nowhere.json cannot be read' },
    { argv: ['run', 'hello', '--run-id', 'not.an.id'], says: 'runId: expected 1 to 64 letters' },
    { argv: ['run', 'hello', '--priority', '5000'], says: 'priority' },
    { argv: ['local', '--port', '99999'], says: '--port takes a number from 0 to 65535' },
    { argv: ['dev', '--state', 'x', '--ephemeral'], says: 'state' },
    { argv: ['agent', 'start', '-e', 'NOVALUE'], says: '--env takes KEY=VALUE: number 1 has no name', exitCode: 78 },
  ])('refuses $argv in words', async ({ argv, says, exitCode = 2 }) => {
    const result = await runInProcess(argv);
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result).toMatchObject({ exitCode, stdout: '' });
  });

  it('colours its messages on a terminal only, and not with --no-color', async () => {
    const onTerminal = new KeptOutput(true);
    await runInProcess(['rnu'], { stderr: onTerminal });
    expect(onTerminal.text).toContain('\u001b[31m');
    const plain = new KeptOutput(true);
    await runInProcess(['rnu', '--no-color'], { stderr: plain });
    expect(plain.text).not.toContain('\u001b[');
  });
});
