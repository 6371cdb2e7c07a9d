import type { RunDetailStore, RunReport } from '../core/run-details.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore, openDetails } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { reportsText } from './print-steps.ts';
import { reportView } from './run-details-record.ts';
import { shortIdOf } from './run-id.ts';

export interface ShowReportsFlags extends ConnectionFlags {
  readonly run: string;
  readonly method?: string | undefined;
  readonly output: string;
}

const PAGE = 500;
const SAID_COLUMNS = 400;

/** Prints what a run has reported, in its order. */
export async function showReports(flags: ShowReportsFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const all = await allReports(await openDetails(connection), run.runId);
  const reports = all.filter(({ method }) => (flags.method ?? method) === method);
  if (flags.output === 'json') terminal.data(JSON.stringify(reports.map(reportView), null, 2));
  else if (reports.length > 0) terminal.data(reportsText(reports, SAID_COLUMNS));
  if (reports.length === 0)
    terminal.say(`${run.request.flow} ${shortIdOf(run.runId)}, ${run.status}, has no such reports on record`);
  return EXIT.ok;
}

async function allReports(details: RunDetailStore, runId: string): Promise<readonly RunReport[]> {
  const reports: RunReport[] = [];
  let cursor: string | undefined;
  do {
    const page = await details.reports(runId, PAGE, cursor);
    reports.push(...page.reports);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return reports;
}
