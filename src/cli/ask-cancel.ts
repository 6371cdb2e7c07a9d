import { type FlowRun, isFinished } from '../core/run.ts';
import { cancelRun } from '../runs/cancel-run.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { statusText } from './print-status.ts';
import { shortIdOf } from './run-id.ts';
import { runRecord } from './run-record.ts';

export interface AskCancelFlags extends ConnectionFlags {
  readonly run: string;
  readonly reason?: string | undefined;
  readonly output: string;
}

/** Asks for the end of a run, and says what has come of it so far. */
export async function askCancel(flags: AskCancelFlags, context: CliContext): Promise<number> {
  const { terminal, clock, env } = context;
  const { store } = await connectStore(flags, context);
  const found = await findRun(store, flags.run, clock.now());
  const wish = { by: env.user ?? 'cli', reason: flags.reason ?? 'slipway runs cancel', now: clock.now() };
  const run = (await cancelRun(store, { runId: found.runId, ...wish })) ?? found;
  if (flags.output === 'json') terminal.data(JSON.stringify(runRecord(run), null, 2));
  terminal.say(`${shortIdOf(run.runId)} ${run.request.flow}: ${wordsFor(run, found, context)}`);
  return EXIT.ok;
}

function wordsFor(run: FlowRun, before: FlowRun, { terminal }: CliContext): string {
  if (isFinished(before)) return `${statusText(run.status, terminal.style)} already; nothing to cancel`;
  if (isFinished(run)) return statusText(run.status, terminal.style);
  return `cancellation asked for; an agent stops its task.   slipway runs get ${shortIdOf(run.runId)}`;
}
