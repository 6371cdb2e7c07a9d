import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { ProcessMark } from '../state/records.ts';
import type { ContainerPlan } from './container-plan.ts';
import { Gate } from './gate.ts';
import { LineSplitter } from './line-splitter.ts';
import { markOf, signal } from './process-identity.ts';

/** How a container came to its end. */
export interface Ending {
  /** Undefined when there never was a process. */
  readonly exitCode: number | undefined;
  readonly reason?: string | undefined;
  /** Whether its program ran at all. */
  readonly isStarted: boolean;
}

/** So long the output of a process that has ended may still be on its way, or be held open by a runaway descendant. */
const OUTPUT_GRACE_MS = 1000;
const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';

/** One container as a process: the leader of a process group of its own, so that a signal meets its descendants too. */
export class ContainerProcess {
  /** Undefined when the program could not be started. */
  readonly mark: ProcessMark | undefined;
  readonly ended: Promise<Ending>;
  readonly #pid: number | undefined;
  #reason: string | undefined;
  #isGone = false;

  constructor(plan: ContainerPlan, write: (lines: readonly string[]) => void) {
    const child = spawn(plan.program, plan.args, {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#pid = child.pid;
    this.mark = child.pid === undefined ? undefined : markOf(child.pid);
    this.ended = this.#watch(child, plan, write);
  }

  terminate(): void {
    this.#signalGroup('SIGTERM');
  }

  kill(): void {
    this.#signalGroup('SIGKILL');
  }

  killForMemory(): void {
    this.#reason = OUT_OF_MEMORY;
    this.kill();
  }

  async #watch(
    child: ChildProcessByStdio<null, Readable, Readable>,
    plan: ContainerPlan,
    write: (lines: readonly string[]) => void,
  ): Promise<Ending> {
    const exited = new Gate<Ending>();
    child.once('error', (error) => exited.open(couldNotStart(plan, error)));
    child.once('exit', (code, signalName) => {
      const exitCode = code ?? 128 + (signalName === null ? 0 : constants.signals[signalName]);
      exited.open({ exitCode, reason: this.#reason, isStarted: true });
    });
    const closed = Promise.all([pump(child.stdout, write), pump(child.stderr, write)]);
    const ending = await exited.opened;
    // As with a container, what its first process leaves behind ends with it.
    this.kill();
    this.#isGone = true;
    await Promise.race([closed, grace()]);
    child.stdout.destroy();
    child.stderr.destroy();
    return ending;
  }

  #signalGroup(name: NodeJS.Signals): void {
    if (this.#pid !== undefined && !this.#isGone) signal(-this.#pid, name);
  }
}

/** How a container ends that never ran; the exit codes are Docker's: 127 for a command that is not there, else 126. */
export function couldNotStart({ name, program, cwd }: ContainerPlan, error: unknown): Ending {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const why = isMissing ? 'executable file not found in $PATH' : String(error);
  return {
    exitCode: isMissing ? 127 : 126,
    reason: `CannotStartContainerError: failed to create task for container '${name}': exec: "${program}": ${why} (in folder ${cwd})`,
    isStarted: false,
  };
}

function pump(stream: Readable, write: (lines: readonly string[]) => void): Promise<void> {
  const splitter = new LineSplitter();
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => write(splitter.push(chunk)));
    stream.on('error', () => undefined);
    stream.once('close', () => {
      write(splitter.flush());
      resolve();
    });
  });
}

function grace(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, OUTPUT_GRACE_MS).unref();
  });
}
