import { didYouMean } from '../core/did-you-mean.ts';
import { isRunStatus, RUN_STATUSES, type RunStatus } from '../core/run.ts';
import type { RunQuery } from '../core/run-store.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { runsText } from './print-runs.ts';
import { runRecord } from './run-record.ts';
import { sinceMoment } from './since-moment.ts';
import { usageError } from './user-error.ts';

export interface ShowRunsFlags extends ConnectionFlags {
  readonly flow?: string | undefined;
  readonly status?: string | undefined;
  readonly since?: string | undefined;
  readonly limit: number;
  readonly output: string;
}

/** Prints the newest runs. */
export async function showRuns(flags: ShowRunsFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const now = clock.now();
  const query = queryOf(flags, now);
  const { store, connection } = await connectStore(flags, context);
  const { runs, cursor } = await store.list(query);
  const records = () => runs.map((run) => runRecord(run, connection.prices));
  if (flags.output === 'json') terminal.data(JSON.stringify(records(), null, 2));
  else if (runs.length > 0) terminal.data(runsText(runs, terminal.dataStyle, now));
  else terminal.say('no runs');
  if (cursor !== undefined) terminal.say(`there are more; --limit ${flags.limit * 5} shows more of them`);
  return EXIT.ok;
}

function queryOf({ flow, status, since, limit }: ShowRunsFlags, now: number): RunQuery {
  if (!(Number.isInteger(limit) && limit > 0)) throw usageError('--limit takes a whole number from 1 on');
  return {
    until: now,
    limit,
    ...(flow === undefined ? {} : { flow }),
    ...(status === undefined ? {} : { status: statusOf(status) }),
    ...(since === undefined ? {} : { since: sinceMoment(since, now) }),
  };
}

function statusOf(text: string): RunStatus {
  const word = text.toUpperCase();
  if (isRunStatus(word)) return word;
  const near = didYouMean(word, RUN_STATUSES);
  throw usageError(
    `there is no status "${text}"${near === undefined ? '' : `; did you mean ${near}?`}`,
    `one of ${RUN_STATUSES.join(', ')}`,
  );
}
