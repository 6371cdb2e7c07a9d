import type { AccountInspector } from '../../aws/account-inspector.ts';
import { findDeadLetterQueue } from '../../aws/dead-letter-queue.ts';
import { tableSchema } from '../../aws/table-schema.ts';
import { lifeOf } from '../../core/agent-life.ts';
import { parseQueueUrl } from '../../core/aws-place.ts';
import { choreWords, isTroubled } from '../chore-words.ts';
import type { DoctorTools } from './doctor-tools.ts';
import { type Finding, look, ng, ok, warn } from './finding.ts';

/** Beyond this, AWS refuses what we sign (AWS General Reference, "Signature Version 4": five minutes). */
const CLOCK_NG_MS = 240_000;
const CLOCK_WARN_MS = 10_000;

/** What the agent cannot work without: who it is, its table, its queues, its bucket. */
export function ownChecks(tools: DoctorTools): readonly Promise<Finding | readonly Finding[]>[] {
  const { agent } = tools.workspace;
  return [
    accountCheck(tools),
    table(tools),
    ...agent.queues.map(({ url }) => queueCheck(tools, url)),
    eventsCheck(tools),
    bucket(tools),
    agents(tools),
    housekeeping(tools),
  ];
}

/** Who asks, and where. */
export function accountCheck({
  inspector,
  region,
}: Pick<DoctorTools, 'region'> & { readonly inspector: Pick<AccountInspector, 'identity'> }): Promise<Finding> {
  return look('account', {}, async () => {
    const { account, arn } = await inspector.identity();
    return ok('account', `${account} ${region ?? ''}  as ${arn.split(':').at(-1)}`);
  });
}

async function table({ inspector, workspace, now }: DoctorTools): Promise<readonly Finding[]> {
  const name = workspace.agent.table;
  if (name === undefined) return [ng('table', 'agent.yaml names no table', 'set table')];
  const make = `slipway setup --table ${name}`;
  let skewMs: number | undefined;
  const found = await look('table', { mayBeDenied: true, ifMissing: make }, async () => {
    const { status, indexes, skewMs: skew } = await inspector.table(name, now);
    skewMs = skew;
    const wanted = (tableSchema(name).GlobalSecondaryIndexes ?? []).map(({ IndexName = '' }) => IndexName);
    const missing = wanted.filter((index) => !indexes.includes(index));
    if (missing.length > 0) return ng('table', `${name} lacks the indexes ${missing.join(', ')}`, make);
    return status === 'ACTIVE' ? ok('table', `${name} ${status}`) : warn('table', `${name} is ${status}`);
  });
  return [found, ...(skewMs === undefined ? [] : [clockCheck(skewMs)])];
}

/** How far this machine's clock is from AWS's. */
export function clockCheck(skewMs: number): Finding {
  const by = `${Math.abs(Math.round(skewMs / 1000))} s ${skewMs > 0 ? 'ahead of' : 'behind'} AWS`;
  if (Math.abs(skewMs) > CLOCK_NG_MS) return ng('clock', by, 'timedatectl set-ntp true');
  return Math.abs(skewMs) > CLOCK_WARN_MS ? warn('clock', by, 'timedatectl set-ntp true') : ok('clock', by);
}

/** A queue and its dead-letter queue. */
export async function queueCheck(
  { sqs, gauge, region }: Pick<DoctorTools, 'sqs' | 'gauge' | 'region'>,
  url: string,
): Promise<readonly Finding[]> {
  const parsed = parseQueueUrl(url);
  const name = `queue ${parsed?.name ?? url}`;
  if (parsed?.region !== undefined && region !== undefined && parsed.region !== region) {
    return [ng(name, `is in ${parsed.region}, and we speak to ${region}`, `AWS_REGION=${parsed.region}`)];
  }
  const make = `slipway setup --queue ${parsed?.name ?? 'slipway'}`;
  const found = await look(name, { ifMissing: make }, async () => {
    const { waiting, inFlight } = await gauge.depth(url);
    return ok(name, `${waiting} waiting, ${inFlight} in flight`);
  });
  if (found.status === 'NG') return [found];
  const dead = await look(`${name} dlq`, {}, async () => {
    const letters = await findDeadLetterQueue(sqs, url);
    if (letters === undefined) return warn(`${name} dlq`, 'there is none: bad messages come again and again', make);
    const { waiting } = await gauge.depth(letters.url);
    return waiting === 0
      ? ok(`${name} dlq`, 'empty')
      : warn(`${name} dlq`, `${waiting} dead letters`, 'slipway queue dlq ls');
  });
  return [found, dead];
}

/** The queue of ECS's events, if there is one. */
export async function eventsCheck({ workspace, gauge }: Pick<DoctorTools, 'workspace' | 'gauge'>): Promise<Finding> {
  const { events: named } = workspace.agent;
  if (named === undefined) {
    return warn(
      'events',
      'none: what becomes of tasks is seen by sweeps alone, up to 30 s later',
      'docs/operate.md, "Events"',
    );
  }
  return look('events', { ifMissing: 'deploy/slipway.yaml makes queue and rule' }, async () => {
    const { waiting } = await gauge.depth(named.queueUrl);
    return ok('events', `${waiting} waiting`);
  });
}

async function bucket({ workspace, inspector }: DoctorTools): Promise<Finding> {
  const uri = workspace.agent.bucket;
  if (uri === undefined) return warn('bucket', 'none: artifacts and large parameters cannot be kept', 'set bucket');
  const name = /^s3:\/\/([^/]+)/.exec(uri)?.[1] ?? uri;
  return look('bucket', { ifMissing: `slipway setup --bucket s3://${name}` }, async () => {
    await inspector.bucketExists(name);
    return ok('bucket', uri);
  });
}

async function agents({ fleet, now }: DoctorTools): Promise<Finding> {
  if (fleet === undefined) return ok('agents', 'no table to look in');
  return look('agents', {}, async () => {
    const { agents: known } = await fleet.read();
    const working = known.filter((agent) => lifeOf(agent, now()) === 'working');
    if (working.length === 0) return warn('agents', 'none is at work', 'slipway agent start');
    return ok('agents', working.map(({ name }) => name).join(', '));
  });
}

async function housekeeping({ chores, now }: DoctorTools): Promise<Finding> {
  if (chores === undefined) return ok('housekeeping', 'no table to look in');
  return look('housekeeping', {}, async () => {
    const records = await chores.read();
    if (records.length === 0) return ok('housekeeping', 'nothing has been done yet');
    const bad = records.filter((record) => isTroubled(record, now()));
    const words = (bad.length > 0 ? bad : records).map((record) => choreWords(record, now())).join('; ');
    if (bad.length === 0) return ok('housekeeping', words);
    return warn(
      'housekeeping',
      words,
      "the agent's log says more: chore.failed; a missing permission: slipway aws iam",
    );
  });
}
