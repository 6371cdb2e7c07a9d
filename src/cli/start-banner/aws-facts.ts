import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CallerIdentity } from '../../aws/caller-identity.ts';
import { lifeOf } from '../../core/agent-life.ts';
import type { AgentProcess, FleetStore } from '../../core/fleet.ts';
import type { QueueGauge } from '../../core/queue-gauge.ts';
import type { Clock } from '../../service/clock.ts';
import type { Workspace } from '../../templates/workspace.ts';
import { type Finding, look, ok } from '../doctor/finding.ts';
import { accountCheck, clockCheck, eventsCheck, queueCheck } from '../doctor/own-checks.ts';
import { durationText } from '../print-time.ts';
import { within } from './within.ts';

export interface AwsFactTools {
  readonly workspace: Workspace;
  readonly table: string;
  readonly region: string | undefined;
  readonly identity: () => Promise<CallerIdentity>;
  readonly sqs: SQSClient;
  readonly gauge: QueueGauge;
  readonly fleet: FleetStore;
  /** Ours: the agent may be on record already. */
  readonly process: Pick<AgentProcess, 'host' | 'pid'>;
  /** How far this machine's clock is ahead of AWS's, once the table has answered. */
  readonly skewMs: () => number | undefined;
  readonly clock: Clock;
}

/** Nobody waits longer than this for the banner, whatever AWS does. */
const LOOK_MS = 1_500;

/**
 * What AWS says of the agent's surroundings, looked at all at once and with the agent's own permissions only. A look that
 * brings nothing in time is told as that.
 */
export async function awsFacts(tools: AwsFactTools, stop: AbortSignal): Promise<readonly Finding[]> {
  const { workspace, clock } = tools;
  const wait = { clock, ms: LOOK_MS, stop };
  const { queues, events } = workspace.agent;
  const looks = [
    within(wait, 'account', accountCheck({ inspector: { identity: tools.identity }, region: tools.region })),
    within(wait, 'table', table(tools)),
    ...queues.map(({ url }) => within(wait, `queue ${url.split('/').at(-1)}`, queueCheck(tools, url))),
    // Without one there is nothing to ask.
    ...(events === undefined
      ? [eventsCheck(tools).then((finding) => [finding])]
      : [within(wait, 'events', eventsCheck(tools))]),
  ];
  return (await Promise.all(looks)).flat();
}

async function table(tools: AwsFactTools): Promise<readonly Finding[]> {
  const { table: name, gauge, clock, skewMs } = tools;
  const began = clock.monotonic();
  const found = await look('table', { ifMissing: `slipway setup --table ${name}` }, async () => {
    const oldest = await gauge.oldestDue(clock.now());
    const ms = Math.round(clock.monotonic() - began);
    const waits = oldest === undefined ? 'no run waits' : `a run has waited for ${durationText(clock.now() - oldest)}`;
    const others = await othersAtWork(tools);
    return ok('table', `${name} answers (${ms} ms) · ${waits} · other agents: ${others}`);
  });
  const skew = skewMs();
  return [found, ...(skew === undefined ? [] : [clockCheck(skew)]).filter(({ status }) => status !== 'OK')];
}

async function othersAtWork({ fleet, process, clock }: AwsFactTools): Promise<string> {
  const { agents } = await fleet.read();
  const others = agents.filter(
    (agent) =>
      lifeOf(agent, clock.now()) === 'working' &&
      !(agent.process.host === process.host && agent.process.pid === process.pid),
  );
  return [...new Set(others.map(({ name }) => name))].join(', ') || 'none';
}
