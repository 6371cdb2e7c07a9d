import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A TypeScript program in a process of its own, which a test can kill. */
export interface ChildProgram {
  /** The lines of its standard output, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  /** Ends it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits until it ends by itself; returns its exit code. */
  ended(): Promise<number | null>;
}

/** Starts a program that ends, at the latest, with the test. */
export function startProgram(command: readonly string[]): ChildProgram {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone(child);
  };
  onTestFinished(kill);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { lines, kill, ended: () => gone(child) };
}

/** The command that runs a TypeScript file next to the tests. */
export function tsx(file: string, ...args: readonly string[]): string[] {
  return [process.execPath, '--import', 'tsx', file, ...args];
}

async function gone(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
