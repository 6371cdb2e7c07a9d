import { spawn } from 'node:child_process';
import type { Notice } from '../../core/notice.ts';

const MAY_TAKE_MS = 30_000;

/** Nothing of the agent's environment: it holds credentials. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program, without a shell, with the notice as JSON on its standard input. Anything but exit code 0 is a failure. */
export function runNoticeCommand(
  [program = '', ...args]: readonly string[],
  notice: Notice,
  stop: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([stop, AbortSignal.timeout(MAY_TAKE_MS)]);
  return new Promise((resolve, reject) => {
    const env = { PATH, SLIPWAY_DEDUPE_KEY: notice.dedupeKey };
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], env, detached: true });
    const kill = (): void => killGroup(child.pid);
    limit.addEventListener('abort', kill, { once: true });
    child.on('error', (error) => {
      limit.removeEventListener('abort', kill);
      reject(new Error(`${program} cannot be started: ${'code' in error ? error.code : error.name}`));
    });
    child.on('exit', (code, signal) => {
      limit.removeEventListener('abort', kill);
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code ?? signal}${limit.aborted ? ': it took too long' : ''}`));
    });
    // It may not want to read: its exit code tells.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(notice));
  });
}

/** What it has started goes with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself just now.
  }
}
