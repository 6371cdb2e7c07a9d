import type { CliContext } from './cli-context.ts';
import { connectStore, openDetails } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { runText } from './print-run.ts';
import { reportsText, stepsText } from './print-steps.ts';
import { currentSteps, heartbeatView, reportView, stepView } from './run-details-record.ts';
import { shortIdOf } from './run-id.ts';
import { runRecord } from './run-record.ts';

export interface ShowRunFlags extends ConnectionFlags {
  readonly run: string;
  readonly output: string;
}

/** What fits one page of reports; `slipway runs reports` shows all. */
const REPORTS_SHOWN = 20;
const REPORTS_IN_JSON = 1_000;

/** Prints one run, with its steps and its first reports. */
export async function showRun(flags: ShowRunFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const details = await openDetails(connection);
  const [all, { reports, cursor }, heartbeat] = await Promise.all([
    details.steps(run.runId),
    details.reports(run.runId, flags.output === 'json' ? REPORTS_IN_JSON : REPORTS_SHOWN),
    run.status === 'RUNNING' ? details.heartbeat(run.runId) : undefined,
  ]);
  const steps = currentSteps(run, all);
  if (flags.output === 'json') {
    const whole = {
      ...runRecord(run, connection.prices),
      ...(heartbeat === undefined ? {} : { heartbeat: heartbeatView(heartbeat) }),
      steps: steps.map(stepView),
      reports: reports.map(reportView),
      moreReports: cursor !== undefined,
    };
    terminal.data(JSON.stringify(whole, null, 2));
    return EXIT.ok;
  }
  const ofLast = steps.filter(({ attempt }) => attempt === steps.at(-1)?.attempt);
  const parts = [
    runText(run, terminal.dataStyle, clock.now(), { prices: connection.prices, heartbeat }),
    stepsText(ofLast, terminal.dataStyle, clock.now()),
    reportsText(reports, SAID_COLUMNS),
    cursor === undefined ? '' : `  more reports: slipway runs reports ${shortIdOf(run.runId)}`,
  ];
  terminal.data(parts.filter((part) => part !== '').join('\n\n'));
  return EXIT.ok;
}

const SAID_COLUMNS = 160;
