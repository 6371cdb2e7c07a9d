import type { ArgumentsCamelCase, InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { CliContext } from './cli-context.ts';

export type Flags = Readonly<Record<string, Options>>;

/** One command of the command line. Its file imports nothing heavy: `--help` loads all of them. */
export interface Command<Places extends Record<string, PositionalOptions>, F extends Flags> {
  /** The words and places, as yargs writes them: `get <run>`. */
  readonly usage: string;
  readonly summary: string;
  readonly places: Places;
  readonly flags: F;
  /** Command line and what it does, for `--help`. */
  readonly examples: readonly (readonly [string, string])[];
  /** Resolves to the exit code; 0 if to nothing. */
  run(args: CommandArgs<Places, F>, context: CliContext): Promise<number | undefined>;
}

export type CommandArgs<Places extends Record<string, PositionalOptions>, F extends Flags> = ArgumentsCamelCase<
  InferredOptionTypes<Places> & InferredOptionTypes<F>
>;

/** A command whose arguments only it knows. */
export interface AnyCommand {
  readonly usage: string;
  readonly summary: string;
  readonly places: Readonly<Record<string, PositionalOptions>>;
  readonly flags: Flags;
  readonly examples: readonly (readonly [string, string])[];
  readonly run: (args: never, context: CliContext) => Promise<number | undefined>;
}

/** Several commands below one word. */
export interface CommandGroup {
  readonly word: string;
  readonly summary: string;
  readonly commands: readonly AnyCommand[];
  /** Groups within this one. */
  readonly groups?: readonly CommandGroup[];
}

/** Declares a command, so that its arguments have the types of its flags. */
export function command<const Places extends Record<string, PositionalOptions>, const F extends Flags>(
  declared: Command<Places, F>,
): Command<Places, F> {
  return declared;
}
