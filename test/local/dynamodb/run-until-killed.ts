import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a TypeScript program until it has printed that many lines, kills it without warning, and returns the lines that
 * it printed in full.
 */
export async function runUntilKilled(program: URL, args: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  let count = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    count += text.split('\n').length - 1;
    if (count >= lines) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const [, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`${program} ended by itself: ${complaints}`);
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}
