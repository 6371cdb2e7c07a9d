import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkspaceKeeper } from '../../src/agent/workspace-keeper.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { ConfigReader } from '../../src/cli/config-reader.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import type { Log, LogFacts } from '../../src/service/log.ts';
import { planRun } from '../../src/templates/plan-run.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { runRequest } from '../fakes/runs.ts';

const AGENT = `table: slipway
flows: s3://conf/prod/flows
ecs:
  taskDefinition: ./td.yaml
  network: { subnets: [subnet-a] }
`;
const TEMPLATE = 'containerDefinitions: [{ name: flow, image: "etl:1" }]\n';
const FLOW = 'flow: etl\nversion: "1"\n';

let aws: LocalAws;
let s3: S3Client;
let logged: { level: string; event: string; facts: LogFacts }[];
let keeper: WorkspaceKeeper;

const log: Log = Object.fromEntries(
  (['debug', 'info', 'warn', 'error'] as const).map((level) => [
    level,
    (event: string, facts: LogFacts = {}) => logged.push({ level, event, facts }),
  ]),
) as unknown as Log;

beforeEach(async () => {
  aws = await startLocalAws();
  logged = [];
  const options = { region: 'us-east-1', endpoint: aws.url };
  s3 = createS3Client(options);
  await s3.send(new CreateBucketCommand({ Bucket: 'conf' }));
  await put('agent.yaml', AGENT);
  await put('td.yaml', TEMPLATE);
  await put('flows/etl.yaml', FLOW);
  await put('flows/other.yaml', 'flow: other\n');
  const source = { configRef: 's3://conf/prod/agent.yaml', settings: {} };
  const workspace = await new ConfigReader(options).workspace(source);
  keeper = new WorkspaceKeeper({ workspace, clock: new ManualClock(), log, onTrouble: () => {}, everyMs: 30_000 });
});
afterEach(async () => {
  s3.destroy();
  await aws.stop();
});

async function put(name: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'conf', Key: `prod/${name}`, Body }));
}

const version = () => keeper.current.flows.get('etl')?.version;
const words = () => logged.map(({ level, event, facts }) => [level, event, facts.fault ?? facts.count].join(' '));

/** The image that a launch would have now. */
function image(): string | undefined {
  const request = runRequest({ flow: 'etl' });
  const plan = planRun(keeper.current, { request, runId: 'r', attempt: 1, placement: 0 });
  const definition = plan.ok ? plan.value.definition : undefined;
  return definition?.kind === 'register' ? definition.input.containerDefinitions?.[0]?.image : undefined;
}

describe('a configuration in S3', () => {
  it('has agent.yaml, templates and flows there', () => {
    expect([...keeper.current.sources.keys()].sort()).toEqual([
      's3://conf/prod/agent.yaml',
      's3://conf/prod/flows/etl.yaml',
      's3://conf/prod/flows/other.yaml',
      's3://conf/prod/td.yaml',
    ]);
    expect(image()).toBe('etl:1');
  });

  it('is asked for with its ETags: what has not changed is neither sent nor read again', async () => {
    const before = keeper.current;
    await keeper.reload();
    expect(keeper.current.flows.get('etl')).toBe(before.flows.get('etl'));
    expect(keeper.current.templates.get('s3://conf/prod/td.yaml')).toBe(before.templates.get('s3://conf/prod/td.yaml'));
    expect(logged).toEqual([]);
  });

  it('is read again where it has changed, flows and templates alike', async () => {
    const other = keeper.current.flows.get('other');
    await put('flows/etl.yaml', FLOW.replace('"1"', '"2"'));
    await put('td.yaml', TEMPLATE.replace('etl:1', 'etl:2'));
    await put('flows/new.yaml', 'flow: new\n');
    await keeper.reload();
    expect(version()).toBe('2');
    expect(image()).toBe('etl:2');
    expect(keeper.current.flows.get('other')).toBe(other);
    expect(words()).toEqual(['info config.reloaded 3']);
  });

  it('forgets a flow whose object is gone', async () => {
    await s3.send(new DeleteObjectCommand({ Bucket: 'conf', Key: 'prod/flows/other.yaml' }));
    await keeper.reload();
    expect([...keeper.current.flows.keys()]).toEqual(['etl']);
  });

  it('keeps the last good copy of a flow that turns bad, says so once, and when it is good again', async () => {
    await put('flows/etl.yaml', 'flow: etl\nrunConfig: { imgae: x }\n');
    await keeper.reload();
    await keeper.reload();
    expect(version()).toBe('1');
    expect(words()).toEqual([
      'error config.rejected s3://conf/prod/flows/etl.yaml:2:14 unknown key "imgae"; did you mean "image"?',
      'info config.reloaded 2',
    ]);
    await put('flows/etl.yaml', FLOW.replace('"1"', '"2"'));
    await keeper.reload();
    expect(version()).toBe('2');
    expect(words().slice(2)).toEqual(['info config.good-again ', 'info config.reloaded 2']);
  });

  it('stays as it was while agent.yaml or its template is bad', async () => {
    await put('td.yaml', 'containerDefinitions: [{ name: flow, imgae: x }]\n');
    await keeper.reload();
    await keeper.reload();
    expect(image()).toBe('etl:1');
    expect(words()).toEqual([
      'error config.rejected s3://conf/prod/td.yaml:1:38 unknown key "imgae"; did you mean "image"?',
    ]);
  });

  it('tells whoever asks for it what came of it, each time', async () => {
    await keeper.reload(true);
    await put('agent.yaml', 'table: [');
    await keeper.reload(true);
    await keeper.reload();
    await keeper.reload(true);
    expect(logged.map(({ event }) => event)).toEqual(['config.unchanged', 'config.rejected', 'config.rejected']);
  });

  it('says which settings only a new start takes, when they change and to whoever asks', async () => {
    await put(
      'agent.yaml',
      `${AGENT}http: { address: "127.0.0.1:4300" }\nlimits: { launchesPerSecond: 3, concurrentRuns: 7 }\n`,
    );
    await keeper.reload();
    await keeper.reload();
    await keeper.reload(true);
    expect(keeper.current.agent.limits.concurrentRuns).toBe(7);
    const said = logged.filter(({ event }) => event === 'config.needs-restart');
    expect(said.map(({ level, facts }) => [level, facts.ref])).toEqual([
      ['warn', 'http, limits.launchesPerSecond'],
      ['warn', 'http, limits.launchesPerSecond'],
    ]);
  });

  it('stays as it was while S3 is away, says so once, and goes on when it is back', async () => {
    const fault = { kind: 'error', name: 'ServiceUnavailable', message: 'Reduce your rate', status: 503 } as const;
    const heal = aws.faults.add({ operation: 's3.*', fault });
    await keeper.reload();
    await keeper.reload();
    expect(image()).toBe('etl:1');
    const [told, ...more] = words();
    expect(told).toMatch(/^error config\.rejected s3:\/\/conf\/prod\/agent\.yaml cannot be read now; /);
    expect(more).toEqual([]);
    heal();
    await put('flows/etl.yaml', FLOW.replace('"1"', '"2"'));
    await keeper.reload();
    expect(version()).toBe('2');
  });
});
