import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const MAIN = resolve('dist/cli/main.js');

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** The built command line as a process that is still running, with what it has printed so far. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves when stdout holds the text; rejects when the process ends before. */
  until(text: string): Promise<void>;
  ended(): Promise<CliResult>;
}

/** Nothing of this machine's own AWS or Slipway settings. */
function cleanEnv(more: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, AWS_EC2_METADATA_DISABLED: 'true', USER: 'ada', ...more };
}

export function startCli(args: readonly string[], { cwd, env = {}, input }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: cleanEnv(env) });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  child.stdin.end(input ?? '');
  const closed = once(child, 'close');
  return {
    child,
    output,
    until: async (text) => {
      const gone = new AbortController();
      closed.then(() => gone.abort());
      while (!output.stdout.includes(text)) {
        if (gone.signal.aborted)
          throw new Error(`it ended without saying "${text}":\n${output.stdout}${output.stderr}`);
        await Promise.race([once(child.stdout, 'data'), closed]);
      }
    },
    ended: async () => {
      await closed;
      return { exitCode: child.exitCode, ...output };
    },
  };
}

export function runCliProcess(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended();
}

export interface Folder {
  readonly path: string;
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/** An empty folder that a test removes again. */
export async function emptyFolder(): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'slipway-cli-')));
  return {
    path,
    write: async (name, text) => {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
