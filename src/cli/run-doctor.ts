import { connectAws } from '../agent/connect-aws.ts';
import { AccountInspector } from '../aws/account-inspector.ts';
import { createSqsClient } from '../aws/create-sqs-client.ts';
import { launchFacts } from '../runs/launch-facts.ts';
import type { CliContext } from './cli-context.ts';
import { type Connection, connect } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { DoctorTools } from './doctor/doctor-tools.ts';
import type { Finding, FindingStatus } from './doctor/finding.ts';
import { launchChecks } from './doctor/launch-checks.ts';
import { ownChecks } from './doctor/own-checks.ts';
import { EXIT } from './exit-codes.ts';
import { openWorkspace } from './open-launch.ts';
import { tableText } from './print-table.ts';
import type { Style } from './terminal.ts';

export interface RunDoctorFlags extends ConnectionFlags {
  readonly output: string;
}

const COLOURS = { OK: 'green', WARN: 'yellow', NG: 'red' } as const satisfies Record<FindingStatus, string>;

/** Looks at everything that runs need, changes nothing, and says what is wrong and what mends it. */
export async function runDoctor(flags: RunDoctorFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  const connection = await connect(flags, context);
  const tools = await toolsFor(flags, connection, context);
  const findings = (await Promise.all([...ownChecks(tools), ...launchChecks(tools)])).flat();
  if (flags.output === 'json') terminal.data(JSON.stringify(findings, null, 2));
  else terminal.data(findingsText(findings, terminal.dataStyle));
  return exitCodeOf(findings);
}

async function toolsFor(flags: RunDoctorFlags, connection: Connection, context: CliContext): Promise<DoctorTools> {
  const { workspace } = await openWorkspace(flags, context, connection);
  const ports = connectAws(connection.aws);
  const { table } = workspace.agent;
  return {
    workspace,
    facts: launchFacts(workspace),
    inspector: new AccountInspector(connection.aws),
    sqs: createSqsClient(connection.aws),
    gauge: ports.gauge(table ?? ''),
    fleet: table === undefined ? undefined : ports.fleet(table),
    chores: table === undefined ? undefined : ports.chores(table),
    region: connection.aws.region,
    isLocal: connection.isLocal,
    now: () => context.clock.now(),
  };
}

function findingsText(findings: readonly Finding[], style: Style): string {
  const rows = findings.map(({ status, check, detail }) => [style(COLOURS[status], status), check, detail]);
  const lines = tableText(rows).split('\n');
  const told = findings.flatMap(({ fix }, index) => [
    lines[index] ?? '',
    ...(fix === undefined ? [] : [`      fix: ${fix}`]),
  ]);
  const count = (status: FindingStatus): number => findings.filter((finding) => finding.status === status).length;
  return [...told, '', `${count('OK')} OK, ${count('WARN')} WARN, ${count('NG')} NG`].join('\n');
}

function exitCodeOf(findings: readonly Finding[]): number {
  const bad = findings.filter(({ status }) => status === 'NG');
  if (bad.length === 0) return EXIT.ok;
  return bad.some(({ isAccess }) => isAccess) ? EXIT.access : EXIT.config;
}
