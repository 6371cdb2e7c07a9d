import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { runInProcess } from './cli-in-process.ts';
import { emptyFolder, type Folder, runCliProcess, startCli } from './cli-process.ts';
import { localEnv, startServer } from './local-server.ts';

const AGENT = `table: runs
ecs:
  taskDefinition: td.yaml
  network: { subnets: [subnet-1] }
  env: { DB_HOST: db.dev, LEVEL: info }
environments:
  prod: { runConfig: { env: { DB_HOST: db.prod } } }
`;
const TEMPLATE =
  'family: mine\ncpu: 512\ncontainerDefinitions:\n  - name: flow\n    image: busybox\n    command: [sleep, "1"]\n';
const FLOW = 'flow: etl\nrunConfig:\n  profile: large\n';

let folder: Folder;

beforeAll(async () => {
  folder = await emptyFolder();
  await folder.write('agent.yaml', AGENT);
  await folder.write('td.yaml', TEMPLATE);
  await folder.write('flows/etl.yaml', FLOW);
  await folder.write('flows/broken.yaml', 'flow: broken\nrunConfig: { cpuu: 1 }\n');
});
afterAll(() => folder.remove());

/** Places as they are named from the folder. */
async function explain(...args: string[]) {
  const result = await runInProcess(['explain', ...args, '--config', `${folder.path}/agent.yaml`]);
  const short = (text: string) => text.replaceAll(`${folder.path}/`, '');
  return { ...result, stdout: short(result.stdout), stderr: short(result.stderr) };
}

/** The cells of the row of a field. */
async function row(field: string, ...args: string[]): Promise<readonly string[]> {
  const { stdout } = await explain('etl', ...args);
  const line = stdout.split('\n').find((text) => text.startsWith(`${field} `)) ?? '';
  return line.split(/ {2,}/);
}

describe('slipway explain', () => {
  it('says for each field of a launch who set it by file and line, and what it overrode', async () => {
    expect(await row('FIELD')).toEqual(['FIELD', 'VALUE', 'SET BY', 'OVERRODE']);
    expect(await row('cpu')).toEqual(['cpu', '"2048"', 'flows/etl.yaml:3', '512 td.yaml:2']);
    expect(await row('flow.env.DB_HOST', '--environment', 'prod')).toEqual([
      'flow.env.DB_HOST',
      '"db.prod"',
      'agent.yaml:7',
      '"db.dev" agent.yaml:5',
    ]);
    expect(await row('cluster', '--cluster', 'other')).toEqual(['cluster', '"other"', '--cluster']);
    expect(await row('networkMode')).toEqual(['networkMode', '"awsvpc"', 'built-in']);
    expect(await row('flow.env.SLIPWAY_RUN_ID')).toEqual(['flow.env.SLIPWAY_RUN_ID', '"preview"', 'reserved']);
  });

  it('tells a variable of the environment by its name, and a request by its own', async () => {
    const { stdout } = await runInProcess(
      ['explain', 'etl', 'cpu', '--config', `${folder.path}/agent.yaml`, '--request', '-', '-o', 'json'],
      {
        stdin: (async function* () {
          yield '{"runConfig": {"cpu": 4096, "memory": 8192}}';
        })(),
      },
    );
    expect(JSON.parse(stdout).fields).toMatchObject([{ field: 'cpu', value: '4096', setBy: 'request' }]);
  });

  it('shows the length of the overrides, whether Fargate would take it, and what is probably not meant', async () => {
    const { stdout, stderr } = await explain('etl');
    expect(stdout).toMatch(/✔ valid for Fargate {3}overrides \d+ \/ 8192 characters\n$/);
    expect(stderr).toContain('warning: td.yaml:1:9 family is ignored here');
  });

  it.each(['flow.env', 'containerDefinitions.flow.environment', 'overrides.containerOverrides.flow.environment'])(
    'shows only what is below the field %s',
    async (field) => {
      const { stdout } = await explain('etl', field, '-o', 'json');
      const fields: { field: string }[] = JSON.parse(stdout).fields;
      expect(fields.length).toBeGreaterThan(5);
      expect(fields.every((one) => one.field.startsWith('flow.env.'))).toBe(true);
    },
  );

  it('finds a field by its whole name, not by its beginning', async () => {
    const { stdout } = await explain('etl', 'network', '-o', 'json');
    expect(JSON.parse(stdout).fields.map((one: { field: string }) => one.field)).toEqual(['network.subnets']);
  });

  it.each([
    { args: ['etl', 'cpuu'], says: 'no field of this launch is called "cpuu"; did you mean "cpu"?', exitCode: 5 },
    { args: ['etll'], says: 'there is no flow "etll"; did you mean "etl"?', exitCode: 5 },
    { args: ['broken'], says: 'flows/broken.yaml:2:14 unknown key "cpuu"; did you mean "cpu"?', exitCode: 3 },
    { args: ['etl', '--environment', 'prd'], says: 'there is no environment "prd"', exitCode: 3 },
  ])('answers $args with a sentence', async ({ args, says, exitCode }) => {
    const result = await explain(...args);
    expect(result.stderr).toContain(says);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('says that a definition which exists already is not looked into', async () => {
    await folder.write('flows/other.yaml', 'flow: other\nrunConfig: { taskDefinition: "etl:7" }\n');
    const { stdout } = await explain('other');
    expect(stdout).toContain('taskDefinition');
    expect(stdout).toContain('the task definition exists already: what is in it was not checked');
  });
});

describe('slipway explain of a run', () => {
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startServer();
    const options = { cwd: folder.path, env: localEnv(aws) };
    const queueUrl = `${aws.url}/000000000000/requests`;
    await folder.write('agent.yaml', `${AGENT}queues: [{ url: "${queueUrl}" }]\n`);
    expect((await runCliProcess(['setup', '--bucket', 's3://files'], options)).exitCode).toBe(0);
    const wish = ['run', 'etl', '--run-id', 'run-7', '-p', 'day=1', '--profile', 'xlarge'];
    expect((await runCliProcess(wish, options)).exitCode).toBe(0);
    const agent = startCli(['agent', 'start'], options);
    const statusOf = async () =>
      JSON.parse((await runCliProcess(['runs', 'get', 'run-7', '-o', 'json'], options)).stdout || '{}').status;
    await vi.waitFor(async () => expect(await statusOf()).toBe('SUCCEEDED'), { timeout: 20_000, interval: 200 });
    agent.child.kill('SIGTERM');
    expect((await agent.ended()).exitCode).toBe(0);
  });
  afterAll(() => aws.stop());

  it.each(['run-7', '@last', 'etl@last'])('replays the request of %s with the files of today', async (name) => {
    await folder.write('td.yaml', `${TEMPLATE}    user: later\n`);
    const options = { cwd: folder.path, env: localEnv(aws) };
    const { stdout, stderr } = await runCliProcess(['explain', name, '-o', 'json'], options);
    expect(stderr).not.toContain('there is no flow');
    const { fields, runId } = JSON.parse(stdout);
    expect(runId).toBe('run-7');
    const found = (field: string) => fields.find((one: { field: string }) => one.field === field);
    expect(found('cpu')).toMatchObject({ value: '4096', setBy: 'request' });
    expect(found('flow.user')).toMatchObject({ value: 'later', setBy: 'td.yaml:7:11' });
    expect(found('flow.env.SLIPWAY_PARAMETERS')).toMatchObject({ value: '{"day":1}' });
  });

  it('shows with diff what has changed since the run, and since the definition was registered', async () => {
    const options = { cwd: folder.path, env: localEnv(aws) };
    await folder.write('td.yaml', TEMPLATE);
    for (const against of ['last', 'run:run-7']) {
      const same = await runCliProcess(['diff', 'etl', '--against', against], options);
      expect(same).toMatchObject({ exitCode: 0, stdout: 'no difference to run-7\n' });
    }
    const registered = await runCliProcess(['diff', 'etl'], options);
    expect(registered.stdout).toBe('no difference to slipway-etl:1\n');

    await folder.write('td.yaml', TEMPLATE.replace('busybox', 'busybox:2').replace('cpu: 512\n', ''));
    await folder.write('flows/etl.yaml', `${FLOW}  tags: { team: data }\n  env: { LEVEL: null, NEW: "1" }\n`);
    const changed = await runCliProcess(['diff', 'etl', '--against', 'run:run-7'], options);
    expect(changed.exitCode).toBe(0);
    expect(changed.stdout.split('\n').map((line) => line.split(/ {2,}/).map((cell) => cell.trim()))).toEqual(
      expect.arrayContaining([
        ['~', 'flow.image', '"busybox"', '"busybox:2"'],
        ['+', 'flow.env.NEW', '"1"'],
        ['-', 'flow.env.LEVEL', '"info"'],
        ['+', 'runTask.tags.team', '"data"'],
      ]),
    );
    const json = await runCliProcess(['diff', 'etl', '-o', 'json'], options);
    const { against, differences } = JSON.parse(json.stdout);
    expect(against).toBe('slipway-etl:1');
    expect(differences).toContainEqual({
      field: 'flow.image',
      change: 'changed',
      before: 'busybox',
      now: 'busybox:2',
    });
    expect(differences.every(({ field }: { field: string }) => !field.includes('hash'))).toBe(true);
  });

  it('shows with diff that nothing is registered yet', async () => {
    await folder.write('flows/new.yaml', 'flow: new\n');
    const options = { cwd: folder.path, env: localEnv(aws) };
    const { exitCode, stdout } = await runCliProcess(['diff', 'new'], options);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'nothing is registered for new yet: its first run will do it\n',
    });
    const last = await runCliProcess(['diff', 'new', '--against', 'last'], options);
    expect(last.exitCode).toBe(5);
    const wrong = await runCliProcess(['diff', 'etl', '--against', 'yesterday'], options);
    expect(wrong.stderr).toContain('--against takes registered, last or run:ID, not "yesterday"');
    expect(wrong.exitCode).toBe(2);
    const other = await runCliProcess(['diff', 'new', '--against', 'run:run-7'], options);
    expect(other.stderr).toContain('run run-7 is of the flow "etl", not "new"');
  });
});
