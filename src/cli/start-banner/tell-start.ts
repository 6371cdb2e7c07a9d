import { connectAws } from '../../agent/connect-aws.ts';
import type { AwsClientOptions } from '../../aws/client-options.ts';
import { createSqsClient } from '../../aws/create-sqs-client.ts';
import type { HttpAddress } from '../../server/http-address.ts';
import { describeError, type Log } from '../../service/log.ts';
import type { Workspace } from '../../templates/workspace.ts';
import type { CliContext } from '../cli-context.ts';
import type { Finding } from '../doctor/finding.ts';
import { thisProcess } from '../this-process.ts';
import { awsFacts } from './aws-facts.ts';
import { bannerText } from './banner-text.ts';
import { ownFacts } from './own-facts.ts';

export interface TellStartOptions {
  readonly workspace: Workspace;
  readonly table: string;
  readonly address: HttpAddress;
  readonly aws: AwsClientOptions;
  readonly log: Log;
  readonly stop: AbortSignal;
}

/**
 * Looks around once at the start, beside the work, and says what it has found: on a terminal one line per fact, else one
 * log line. Nothing waits for it, and nothing fails with it: without AWS it says so within two seconds.
 */
export async function tellStart(options: TellStartOptions, context: CliContext): Promise<void> {
  const { workspace, address, aws, log, stop } = options;
  const { clock, terminal } = context;
  try {
    const began = clock.monotonic();
    const own = ownFacts({ workspace, address, region: aws.region, now: clock.now() });
    const found = await lookAround(options, context);
    if (stop.aborted) return;
    const findings = [...own.slice(0, 1), ...found, ...own.slice(1)];
    if (terminal.isInteractive) terminal.data(bannerText(findings, terminal.dataStyle, clock.monotonic() - began));
    else logFindings(log, findings);
  } catch (error) {
    log.warn('agent.not-checked', { error: describeError(error) });
  }
}

async function lookAround(
  { workspace, table, aws, stop }: TellStartOptions,
  { clock }: CliContext,
): Promise<readonly Finding[]> {
  const { callerIdentity } = await import('../../aws/caller-identity.ts');
  // Clients of its own: what it asks is no sign of the agent's health.
  const once = { ...aws, timing: clock };
  const ports = connectAws(once);
  const sqs = createSqsClient(once);
  const tools = {
    workspace,
    table,
    region: aws.region,
    identity: () => callerIdentity(once),
    sqs,
    gauge: ports.gauge(table),
    fleet: ports.fleet(table),
    process: thisProcess(),
    skewMs: ports.watchClock(() => clock.now()),
    clock,
  };
  return awsFacts(tools, stop).finally(() => sqs.destroy());
}

function logFindings(log: Log, findings: readonly Finding[]): void {
  const found = findings.map(({ check, detail }) => `${check}: ${detail}`);
  const warnings = findings
    .filter(({ status }) => status !== 'OK')
    .map(({ check, detail, fix }) => `${check}: ${detail}${fix === undefined ? '' : `; fix: ${fix}`}`);
  if (findings.some(({ status }) => status === 'NG')) log.warn('agent.checked', { found, warnings });
  else log.info('agent.checked', { found, warnings });
}
