import { formatFault } from '../core/fault.ts';
import type { CliContext } from './cli-context.ts';
import { type Explained, explainError } from './explain-error.ts';
import { runProgram } from './program.ts';
import { type OutputStream, Terminal } from './terminal.ts';
import { FaultsError } from './user-error.ts';

/** The world as a process sees it. */
export interface CliWorld extends Omit<CliContext, 'terminal'> {
  readonly stderr: OutputStream;
}

/** Runs one command line and resolves to its exit code. Never rejects: whatever went wrong is told on stderr. */
export async function runCli(argv: readonly string[], { stderr, ...world }: CliWorld): Promise<number> {
  const { stdout, env } = world;
  const noColor = env.noColor || argv.includes('--no-color');
  const terminal = new Terminal({ stdout, stderr, noColor, forceColor: env.forceColor && !noColor });
  try {
    return await runProgram(argv, { ...world, terminal });
  } catch (error) {
    return tellError(terminal, error, env.debug || argv.includes('--verbose'));
  }
}

function tellError(terminal: Terminal, error: unknown, withStack: boolean): number {
  const explained = explainError(error);
  terminal.live('');
  if (error instanceof FaultsError) for (const fault of error.faults) terminal.say(formatFault(fault));
  tell(terminal, explained);
  if (explained.isBug && withStack) terminal.say(stackOf(error));
  return explained.exitCode;
}

function tell(terminal: Terminal, { message, next }: Explained): void {
  terminal.say(`${terminal.style('red', 'slipway:')} ${message}`);
  if (next !== undefined) terminal.say(`  next: ${next}`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
