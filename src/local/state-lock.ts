import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who holds a state directory. `started` tells two processes apart that had the same id one after the other. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

const LOCK_FILE = 'lock.json';
const ATTEMPTS = 10;

/**
 * Takes a state directory for this process, or throws when a living process has it. A lock whose process is gone is
 * taken over. The returned function gives the directory back.
 */
export function lockState(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, LOCK_FILE);
  const own: Holder = { pid: process.pid, started: startOf(process.pid) };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (linked(draft, path)) return () => release(path, own);
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw new Error(taken(stateDir, holder));
      removeStale(path, holder);
    }
    throw new Error(`${path} could not be taken: other processes take it at the same time`);
  } finally {
    rmSync(draft, { force: true });
  }
}

function taken(stateDir: string, holder: Holder): string {
  return (
    `the state directory ${stateDir} is in use by another local AWS (process ${holder.pid}). ` +
    'Stop that one, or give this one another state directory.'
  );
}

/** A link, unlike a new file, has its content from the first moment. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Another process may have taken the stale lock over in the meantime: then its lock is put back. */
function removeStale(path: string, stale: Holder | undefined): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && (moved.pid !== stale?.pid || moved.started !== stale.started)) linked(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, own: Holder): void {
  const holder = readHolder(path);
  if (holder?.pid === own.pid && holder.started === own.started) rmSync(path, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM' && startOf(holder.pid) === holder.started;
  }
  return startOf(holder.pid) === holder.started;
}

/** When a process started, in ticks since boot (proc(5), field 22 of `stat`); empty where there is no `/proc`. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
