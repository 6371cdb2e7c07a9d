import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ProcessMark } from '../state/records.ts';

const HAS_PROC = existsSync('/proc/self/stat');
/** Fields of `/proc/<pid>/stat` (proc(5), `state` and `starttime`), counted from the one behind the name in parentheses. */
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;
const ENVIRON_MARK = 'ECS_CONTAINER_METADATA_URI_V4=';

/** What tells this process from a later one with the same number. */
export function markOf(pid: number): ProcessMark {
  return { pid, startedAt: startOf(pid) };
}

/** Whether the very process that was marked still lives. A mark without a start time is never believed. */
export function isAlive(mark: ProcessMark): boolean {
  return mark.startedAt !== undefined && startOf(mark.pid) === mark.startedAt;
}

/** Whether the process computes, wants to, or reads from a disk; only systems with `/proc` can tell. */
export function isBusy(pid: number): boolean {
  return ['R', 'D'].includes(statOf(pid)[STATE_FIELD] ?? '');
}

/**
 * Processes that live in a container of the task, however far they have gone from its first process: all of them have
 * inherited its metadata URI, which names the task. Only systems with `/proc` can tell.
 */
export function processesOfTask(taskId: string): readonly number[] {
  if (!HAS_PROC) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => metadataUriOf(name).includes(taskId))
    .map(Number);
}

/** Sends a signal to a process or, with a negative number, to a group; that there is none any more is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

function startOf(pid: number): string | undefined {
  if (!HAS_PROC)
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
  return statOf(pid)[START_TIME_FIELD];
}

function statOf(pid: number): readonly string[] {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function metadataUriOf(pid: string): string {
  const variables = readIfThere(`/proc/${pid}/environ`).split('\0');
  return variables.find((variable) => variable.startsWith(ENVIRON_MARK)) ?? '';
}

/** Processes end while they are looked at, and those of other users cannot be read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
