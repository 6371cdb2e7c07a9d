import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A running `slipway dev`, and how to reach its local AWS. */
export interface DevProcess {
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly table: string;
  /** The folder of its flows: a copy of the examples. */
  readonly flows: string;
  /** Its output. */
  readonly logFile: string;
  /** Asks it to end; resolves to its exit code. */
  stop(): Promise<number | null>;
}

const FOLDER = resolve('.slipway/demo');
const FLOWS = join(FOLDER, 'flows');
const READY_WITHIN_MS = 30_000;

/** Starts `slipway dev` from nothing in a folder of its own below `.slipway/`. */
export async function startDev(): Promise<DevProcess> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const logFile = join(FOLDER, 'dev.log');
  const output = openSync(logFile, 'w');
  // The example that runs by itself would be one run more than the demo counts.
  cpSync(resolve('config/flows'), FLOWS, { recursive: true, filter: (path) => !path.endsWith('heartbeat.yaml') });
  const args = [resolve('dist/cli/main.js'), 'dev', '--config', resolve('config/agent.yaml'), '--flows', FLOWS];
  const child = spawn(process.execPath, args, { cwd: FOLDER, stdio: ['ignore', output, output] });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const connection = await waitForConnection(child, logFile);
  return {
    ...connection,
    flows: FLOWS,
    logFile,
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

type Connection = Pick<DevProcess, 'endpoint' | 'queueUrl' | 'table'>;

async function waitForConnection(child: ChildProcess, logFile: string): Promise<Connection> {
  const file = join(FOLDER, '.slipway/dev.json');
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (!existsSync(file)) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new Error(`slipway dev did not get ready:\n${readFileSync(logFile, 'utf8')}`);
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
