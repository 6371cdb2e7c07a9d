import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { runText } from './print-run.ts';
import { runRecord } from './run-record.ts';

export interface ShowRunFlags extends ConnectionFlags {
  readonly run: string;
  readonly output: string;
}

/** Prints one run. */
export async function showRun(flags: ShowRunFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const isJson = flags.output === 'json';
  terminal.data(isJson ? JSON.stringify(runRecord(run), null, 2) : runText(run, terminal.dataStyle, clock.now()));
  return EXIT.ok;
}
