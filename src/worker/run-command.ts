import { type ChildProcess, spawn } from 'node:child_process';
import { type Ending, failed } from './ending.ts';
import { interrupted, signalExitCode } from './stopping.ts';
import { type ChildDeps, type ChildEnd, superviseChild } from './supervise-child.ts';

export interface CommandDeps extends ChildDeps {
  /** All of the program's variables; the worker's own if left out, by which it finds the run and the task's credentials. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The worker's own folder if left out. */
  readonly folder?: string;
}

/** Runs a program in any language: argv as it is, without a shell. */
export async function runCommand(argv: readonly string[], deps: CommandDeps): Promise<Ending> {
  const [program = '', ...args] = argv;
  const child = start(program, args, deps);
  if (child instanceof Error) return failed(`${program} could not be started: ${child.message}`, 126);
  const end = await superviseChild(child, deps);
  return end.asked ? interrupted(deps.stopping) : endingOf(program, end);
}

/** Most errors of a start come as an event, some (arguments too long, say) as an exception. */
function start(program: string, args: readonly string[], { environment, folder }: CommandDeps): ChildProcess | Error {
  try {
    return spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(environment === undefined ? {} : { env: environment }),
      ...(folder === undefined ? {} : { cwd: folder }),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function endingOf(program: string, end: ChildEnd): Ending {
  switch (end.kind) {
    case 'not-started':
      return notStarted(program, end.error);
    case 'killed':
      return failed(`${program} was ended by ${end.by}${colon(end.lastLine)}`, signalExitCode(end.by), end.errorTail);
    case 'exited':
      if (end.exitCode === 0) return { kind: 'succeeded' };
      return failed(`${program} exited with ${end.exitCode}${colon(end.lastLine)}`, end.exitCode, end.errorTail);
    default:
      return end satisfies never;
  }
}

/** 127 and 126, as shells and Docker have it. */
function notStarted(program: string, error: NodeJS.ErrnoException): Ending {
  if (error.code === 'ENOENT') return failed(`command not found: ${program} (no such program in the image)`, 127);
  return failed(`${program} could not be started: ${error.message}`, 126);
}

function colon(line: string): string {
  return line === '' ? '' : `: ${line}`;
}
