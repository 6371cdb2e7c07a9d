import type { CliContext } from './cli-context.ts';
import { connectStore, openDetails } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { stepsText } from './print-steps.ts';
import { currentSteps, stepView } from './run-details-record.ts';
import { shortIdOf } from './run-id.ts';
import { usageError } from './user-error.ts';

export interface ShowStepsFlags extends ConnectionFlags {
  readonly run: string;
  readonly attempt?: number | undefined;
  readonly output: string;
}

/** Prints the steps of a run's attempt: of the last one that has any, unless another is asked for. */
export async function showSteps(flags: ShowStepsFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const { attempt } = flags;
  if (attempt !== undefined && !(attempt >= 1 && attempt <= run.attempt))
    throw usageError(`run ${shortIdOf(run.runId)} has the attempts 1 to ${run.attempt}, not ${attempt}`);
  const all = currentSteps(run, await (await openDetails(connection)).steps(run.runId));
  const shown = attempt ?? all.at(-1)?.attempt;
  const steps = all.filter((step) => step.attempt === shown);
  if (flags.output === 'json') terminal.data(JSON.stringify(steps.map(stepView), null, 2));
  else if (steps.length > 0) terminal.data(stepsText(steps, terminal.dataStyle, clock.now()));
  if (steps.length === 0)
    terminal.say(`${run.request.flow} ${shortIdOf(run.runId)}, ${run.status}, has no steps on record`);
  return EXIT.ok;
}
