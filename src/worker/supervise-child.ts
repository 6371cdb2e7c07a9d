import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../service/clock.ts';
import { settleWithin } from './settle-within.ts';
import { graceMs, type Stopping } from './stopping.ts';
import { WholeLines } from './whole-lines.ts';

export interface ChildDeps {
  readonly clock: Clock;
  readonly stopping: Stopping;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** How long the program may go on after a signal; 25 s if left out. */
  readonly graceMs?: number;
  /** Shown what the child writes, as it comes. */
  readonly watch?: OutputWatch;
}

export interface OutputWatch {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
}

/** How a process ended. */
export type ChildEnd = (
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'killed'; readonly by: NodeJS.Signals }
  | { readonly kind: 'not-started'; readonly error: NodeJS.ErrnoException }
) & {
  /** Whether it had been asked to stop before it ended. */
  readonly asked: boolean;
  /** The last line it wrote to stderr. */
  readonly lastLine: string;
  /** The last lines of it. */
  readonly errorTail: string;
};

/** A descendant may hold pipes of its parent open for ever. */
export const OUTPUT_GRACE_MS = 2_000;

/**
 * Passes output and signals on until the child has ended. A child that outlives a signal's grace is killed. It stays in the
 * worker's process group: whoever kills the group, as a container's end does, leaves no user code behind.
 */
export async function superviseChild(child: ChildProcess, deps: ChildDeps): Promise<ChildEnd> {
  const { clock, stopping } = deps;
  const ended = new AbortController();
  const { watch } = deps;
  const errors = new WholeLines(watch?.stderr);
  const output = Promise.allSettled([
    passOn(child.stdout, new WholeLines(watch?.stdout), deps.stdout),
    passOn(child.stderr, errors, deps.stderr),
  ]);
  const watching = stopWhenAsked(child, deps, ended.signal);
  const end = await endOf(child);
  // A signal to the whole process group may end the child before this process gets to see it: it does within this turn.
  await setImmediate();
  const asked = stopping.signal.aborted;
  ended.abort();
  await watching;
  await settleWithin(clock, OUTPUT_GRACE_MS, stopping.hurry, output);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { ...end, asked, lastLine: errors.lastLine, errorTail: errors.tail };
}

type BareEnd = ChildEnd extends infer End
  ? End extends ChildEnd
    ? Omit<End, 'asked' | 'lastLine' | 'errorTail'>
    : never
  : never;

function endOf(child: ChildProcess): Promise<BareEnd> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, by) => {
      resolve(by === null ? { kind: 'exited', exitCode: exitCode ?? 0 } : { kind: 'killed', by });
    });
    // Also emitted for a signal that could not be sent; only a child without a pid has not begun.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'not-started', error });
    });
  });
}

async function stopWhenAsked(child: ChildProcess, deps: ChildDeps, ended: AbortSignal): Promise<void> {
  const { clock, stopping, graceMs: own = graceMs() } = deps;
  await aborted(AbortSignal.any([stopping.signal, ended]));
  if (ended.aborted) return;
  child.kill(stopping.by());
  await clock.sleep(own, AbortSignal.any([stopping.hurry, ended]));
  if (!ended.aborted) child.kill('SIGKILL');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function passOn(from: Readable | null, lines: WholeLines, to: Writable): Promise<void> {
  if (from !== null) await pipeline(from, lines, (whole: AsyncIterable<Uint8Array>) => writeAll(whole, to));
}

/** Not a pipe, which would leave its listeners on a stream that outlives many children. What nobody reads any more is dropped. */
async function writeAll(chunks: AsyncIterable<Uint8Array>, to: Writable): Promise<void> {
  for await (const chunk of chunks) if (to.writable && !to.write(chunk)) await drained(to);
}

/** Resolves as well when the stream is gone. */
function drained(to: Writable): Promise<void> {
  const events = ['drain', 'close', 'error'];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) to.off(event, done);
      resolve();
    };
    for (const event of events) to.on(event, done);
  });
}
