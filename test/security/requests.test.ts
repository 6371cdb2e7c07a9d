import { describe, expect, it } from 'vitest';
import { ALLOW_WORDS, DEFAULT_ALLOW } from '../../src/templates/run-config-shape.ts';
import { ECS_MODEL } from '../../src/templates/validate/ecs-model.ts';
import { faultsOf, planOf } from '../templates/render-launch.ts';
import { launch } from '../templates/small-launch.ts';

/** The fields of a shape of ECS's API, from the model that checks templates. */
function fieldsOf(shape: string): readonly string[] {
  const line = ECS_MODEL.split('\n').find((each) => each.startsWith(`${shape} {`)) ?? '';
  return [...line.matchAll(/(\w+)!?:/g)].flatMap(([, field]) => field ?? []);
}

const SHAPES = [
  'RunTaskRequest',
  'TaskOverride',
  'ContainerOverride',
  'ContainerDefinition',
  'RegisterTaskDefinitionRequest',
];
const FIELDS = [...new Set(SHAPES.flatMap(fieldsOf))];

/** What a request may say by default, in the words of `runConfig`. */
const ALLOWED = new Set(DEFAULT_ALLOW);

async function refusedBy(runConfig: object, allow?: readonly string[]): Promise<string> {
  const flow = allow === undefined ? {} : { flow: { requests: { allow } } };
  return (await faultsOf(launch({ ...flow, request: { runConfig } }))).join('\n');
}

describe('X2: a request sets only what its flow allows', () => {
  it('knows the fields of the API', () => {
    expect(FIELDS.length).toBeGreaterThan(70);
    expect(FIELDS).toEqual(expect.arrayContaining(['clientToken', 'privileged', 'taskRoleArn', 'entryPoint']));
  });

  it.each(FIELDS.filter((field) => !ALLOWED.has(field)))('%s is refused as a word of its own', async (field) => {
    expect(await refusedBy({ [field]: 'x' })).toMatch(/may not be set|unknown key/);
  });

  it.each(ALLOW_WORDS.filter((word) => !ALLOWED.has(word)))('%s is refused unless the flow names it', async (word) => {
    expect(await refusedBy({ [word]: {} })).toContain(`runConfig.${word} may not be set for flow "etl"`);
  });

  it.each(fieldsOf('RunTaskRequest'))('runTaskKwargs.%s is refused, kwargs not being named', async (field) => {
    expect(await refusedBy({ runTaskKwargs: { [field]: 'x' } })).toContain('runConfig.runTaskKwargs may not be set');
  });

  it.each([
    'clientToken',
    'startedBy',
    'count',
    'taskDefinition',
    'referenceId',
    'cluster',
    'networkConfiguration',
    'overrides',
  ])('runTaskKwargs.%s is refused even where kwargs are allowed', async (field) => {
    expect(await refusedBy({ runTaskKwargs: { [field]: {} } }, ['runTaskKwargs'])).toContain(field);
  });

  it('takes no tag of AWS, where tags are allowed', async () => {
    expect(await refusedBy({ tags: { 'aws:ecs:x': '1' } }, ['tags'])).toContain('may not begin with aws:');
  });

  it('takes nothing at all where the flow allows nothing', async () => {
    const faults = await faultsOf(launch({ flow: { requests: { allow: [] } }, request: { parameters: { a: 1 } } }));
    expect(faults.join()).toContain('parameters may not be set');
  });
});

describe('X20: variables and words of a request', () => {
  const STEERING = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_ENDPOINT_URL',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'aws_session_token',
    'ECS_CONTAINER_METADATA_URI_V4',
    'ECS_AGENT_URI',
    'NODE_OPTIONS',
    'node_options',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
  ];

  it.each(STEERING)('%s is refused as a variable and as a secret', async (name) => {
    expect(await refusedBy({ env: { [name]: 'x' } })).toContain(`env.${name} may not be set by a request`);
    expect(await refusedBy({ secrets: { [name]: 'arn' } }, ['secrets'])).toContain(`secrets.${name} may not be set`);
  });

  it.each(['SLIPWAY_RUN_ID', 'SLIPWAY_TABLE', 'SLIPWAY_ANYTHING'])('%s is refused everywhere', async (name) => {
    expect(await refusedBy({ env: { [name]: 'x' } })).toContain('is reserved');
    expect((await faultsOf(launch({ runConfig: { env: { [name]: 'x' } } }))).join()).toContain('is reserved');
  });

  it.each(['', 'A=B', 'A\u0000'])('%j is no name of a variable', async (name) => {
    expect(await refusedBy({ env: { [name]: 'x' } })).toMatch(/is no name/);
  });

  it('holds no NUL character', async () => {
    expect(await refusedBy({ env: { A: 'a\u0000b' } })).toContain('holds a NUL character');
    expect(await refusedBy({ command: ['echo', 'a\u0000b'] }, ['command'])).toContain('NUL');
  });

  it('may be set by flow and agent, who know what they steer', async () => {
    const { runTask } = await planOf(launch({ runConfig: { env: { NODE_OPTIONS: '--max-old-space-size=512' } } }));
    expect(runTask.startedBy).toMatch(/^slipway\//);
  });

  it('reaches the task word for word: no shell takes a command apart', async () => {
    const command = ['sh', '-c', 'echo "$(id)" ; `ls`', "'", '', '{{', '\n'];
    const allow = ['command', 'env'];
    const { runTask } = await planOf(
      launch({ flow: { requests: { allow } }, request: { runConfig: { command, env: { A: 'line\n$(id)\t"' } } } }),
    );
    const [override] = runTask.overrides?.containerOverrides ?? [];
    expect(override?.command).toEqual(command);
    expect(override?.environment).toContainEqual({ name: 'A', value: 'line\n$(id)\t"' });
  });
});
