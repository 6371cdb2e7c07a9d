import { describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/core/adjust-attempt.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { explain } from '../../src/templates/explain.ts';
import { type RunConfig, resolveRun } from '../../src/templates/resolve.ts';
import type { Settings } from '../../src/templates/settings.ts';
import { type LaunchCase, workspaceOf } from './render-launch.ts';

const FILES = {
  'agent.yaml': `table: slipway
ecs:
  cluster: main
  taskDefinition: td.yaml
  executionRoleArn: arn:exec
  network: {subnets: [a, b]}
  env: {A: agent, B: agent}
environments:
  prod: {runConfig: {env: {B: prod}, tags: {stage: prod}}}
`,
  'td.yaml': `cpu: 256
memory: 512
family: ignored
tags: [{key: team, value: t}]
containerDefinitions:
- name: flow
  image: x:1
  environment: [{name: A, value: template}, {name: A, value: again}]
- name: side
  image: y
`,
  'flows/etl.yaml': `flow: etl
runConfig:
  profile: large
  env: {DAY: "{{ parameters.day }}"}
  secrets: {DB: arn:secret}
`,
};
const IDENTITY = { runId: 'r1', attempt: 1, placement: 0 };
const REQUEST = {
  flow: 'etl',
  environment: 'prod',
  parameters: { day: '2026-10-01' },
  runConfig: { env: { B: 'req' }, memory: '8 GB' },
};

async function resolved(
  files: LaunchCase['files'],
  request: object,
  settings: Settings = {},
  adjustment: Adjustment = {},
): Promise<RunConfig> {
  const workspace = await workspaceOf(files, settings);
  const parsed = parseRunRequest(JSON.stringify(request));
  if (!workspace.ok || !parsed.ok) throw new Error('is good');
  const config = resolveRun(workspace.value, { request: parsed.value.request, adjustment, ...IDENTITY });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

async function rows(settings: Settings = {}): Promise<Readonly<Record<string, string>>> {
  const fields = explain(await resolved(FILES, REQUEST, settings), IDENTITY);
  const line = ({ value, setBy, overrode }: (typeof fields)[number]) =>
    [
      `${JSON.stringify(value)} ${setBy}`,
      ...overrode.map((other) => `${JSON.stringify(other.value)} ${other.setBy}`),
    ].join(' < ');
  return Object.fromEntries(fields.map((field) => [field.field, line(field)]));
}

describe('explaining a launch after others have failed', () => {
  it('names the retry as what gave it more memory, or other capacity', async () => {
    const strategy = 'capacityProviderStrategy: [{capacityProvider: FARGATE_SPOT, weight: 1}]';
    const files = {
      ...FILES,
      'agent.yaml': FILES['agent.yaml'].replace('cluster: main', `cluster: main\n  ${strategy}`),
    };
    const config = await resolved(files, REQUEST, {}, { doublings: 1, onDemand: true });
    const fields = new Map(explain(config, IDENTITY).map((field) => [field.field, field]));
    expect(fields.get('memory')).toMatchObject({
      value: '16384',
      setBy: 'retry',
      overrode: [{ value: '8 GB' }, {}, {}],
    });
    expect(fields.get('capacityProviderStrategy')).toMatchObject({
      value: [{ capacityProvider: 'FARGATE', weight: 1 }],
      setBy: 'retry',
      overrode: [{ setBy: 'agent.yaml:4:29' }],
    });
  });
});

describe('explaining a launch', () => {
  it('tells for every field who set it, and what lower layers had said', async () => {
    expect(await rows({ 'ecs.cluster': { value: 'other', origin: '--cluster' } })).toMatchObject({
      cpu: '"2048" flows/etl.yaml:3:12 < 256 td.yaml:1:6',
      memory: '"8192" request < "4096" flows/etl.yaml:3:12 < 512 td.yaml:2:9',
      family: '"slipway-etl" built-in',
      networkMode: '"awsvpc" built-in',
      executionRoleArn: '"arn:exec" agent.yaml:5:21',
      'flow.image': '"x:1" td.yaml:7:10',
      'flow.env.A': '"agent" agent.yaml:7:12 < "again" td.yaml:8:62',
      'flow.env.B': '"req" request < "prod" agent.yaml:9:31 < "agent" agent.yaml:7:22',
      'flow.env.DAY': '"2026-10-01" flows/etl.yaml:4:14',
      'flow.env.SLIPWAY_RUN_ID': '"r1" reserved',
      'flow.secrets.DB': '"arn:secret" flows/etl.yaml:5:17',
      'side.image': '"y" td.yaml:10:10',
      'tags.team': '"t" td.yaml:4:27',
      'tags.stage': '"prod" agent.yaml:9:52',
      'network.subnets': '["a","b"] agent.yaml:6:22',
      cluster: '"other" --cluster < "main" agent.yaml:3:12',
      launchType: '"FARGATE" built-in',
    });
  });

  it('shows a choice that another word lost', async () => {
    const settings = {
      'ecs.capacityProviderStrategy': {
        value: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
        origin: 'SLIPWAY_STRATEGY',
      },
      'ecs.launchType': { value: 'FARGATE', origin: '--launch-type' },
    };
    expect((await rows(settings)).launchType).toContain(
      '"FARGATE" --launch-type < [{"capacityProvider":"FARGATE_SPOT","weight":1}] SLIPWAY_STRATEGY',
    );
  });

  it('warns of what is allowed and probably not meant', async () => {
    const { warnings } = await resolved(FILES, REQUEST);
    expect(warnings.map(({ place, message }) => `${place?.line} ${message}`)).toEqual([
      '3 family is ignored here: every flow has a family of its own',
      '8 "A" stands twice in environment: the last one counts',
    ]);
  });

  it('warns of what a definition that exists already makes void', async () => {
    const files = { ...FILES, 'flows/etl.yaml': 'flow: etl\nrunConfig: {taskDefinition: "etl:7"}\n' };
    const { warnings } = await resolved(files, { flow: 'etl' });
    expect(warnings.map(({ message }) => message)).toEqual(['executionRoleArn is ignored: etl:7 exists already']);
  });

  it('names the task definition that exists already', async () => {
    const files = { ...FILES, 'flows/etl.yaml': 'flow: etl\nrunConfig: {taskDefinition: "etl:7"}\n' };
    const fields = explain(await resolved(files, { flow: 'etl' }), IDENTITY);
    expect(fields[0]).toEqual({ field: 'taskDefinition', value: 'etl:7', setBy: 'flows/etl.yaml:2:29', overrode: [] });
  });
});
