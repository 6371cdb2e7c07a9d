import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnv } from '../../src/cli/env.ts';
import { runInProcess } from './cli-in-process.ts';
import { emptyFolder, type Folder } from './cli-process.ts';

const AGENT = 'table: runs\necs:\n  taskDefinition: td.yaml\n  network: { subnets: [subnet-1] }\n';
const TEMPLATE = 'containerDefinitions: [{ name: flow, image: busybox }]\n';

let folder: Folder;

beforeEach(async () => {
  folder = await emptyFolder();
  await folder.write('agent.yaml', AGENT);
  await folder.write('td.yaml', TEMPLATE);
  await folder.write('flows/etl.yaml', 'flow: etl\n');
});
afterEach(() => folder.remove());

async function config(word: string, args: readonly string[] = [], variables: Record<string, string> = {}) {
  const argv = ['config', word, ...(word === 'schema' ? [] : ['--config', join(folder.path, 'agent.yaml')]), ...args];
  const result = await runInProcess(argv, { env: readEnv(variables), cwd: folder.path });
  const short = (text: string) => text.replaceAll(`${folder.path}/`, '');
  return { ...result, stdout: short(result.stdout), stderr: short(result.stderr) };
}

describe('slipway config validate', () => {
  it('says what is valid', async () => {
    expect(await config('validate')).toEqual({
      exitCode: 0,
      stdout: '✔ valid: agent.yaml, 1 template, 1 flow\n',
      stderr: '',
    });
  });

  it('tells the faults of agent.yaml, templates and every flow at once', async () => {
    await folder.write('agent.yaml', `${AGENT}tabel: x\n`);
    await folder.write('td.yaml', 'containerDefinition: []\n');
    await folder.write('flows/a.yaml', 'flow: a\nrunConfig: { cpuu: 1 }\n');
    await folder.write('flows/b.yaml', 'flow: [\n');
    const { exitCode, stdout, stderr } = await config('validate');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('agent.yaml:5:1 unknown key "tabel"; did you mean "table"?');
    expect(stderr).toContain('td.yaml:1:1 unknown key "containerDefinition"');
    expect(stderr).toContain('flows/a.yaml:2:14 unknown key "cpuu"');
    expect(stderr).toContain('flows/b.yaml:2:1');
    expect(stderr).toContain('4 faults in the configuration');
  });

  it('tells what only a launch shows: sizes, roles, placeholders, artifacts', async () => {
    await folder.write('flows/a.yaml', 'flow: a\nrunConfig: { cpu: 300 }\n');
    await folder.write('flows/b.yaml', 'flow: b\nrunConfig: { secrets: { A: "arn:secret" } }\n');
    await folder.write('flows/c.yaml', 'flow: c\nrunConfig: { env: { A: "{{ parameters.day }}" } }\n');
    await folder.write('flows/d.yaml', 'flow: d\nartifact: ./nowhere.mjs\n');
    const { exitCode, stderr } = await config('validate', ['--bucket', 's3://files']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('flows/a.yaml:2:19 cpu 300');
    expect(stderr).toContain('flows/b.yaml:2:25 an execution role is needed');
    expect(stderr).toContain('flows/c.yaml:2:24 {{ parameters.day }} has no value');
    expect(stderr).toMatch(/nowhere\.mjs cannot be read/);
  });

  it('makes up parameters that the schema of a flow allows', async () => {
    const schema = [
      'parameters:',
      '  type: object',
      '  required: [day, size, kind, mail, list, inner]',
      '  additionalProperties: false',
      '  properties:',
      '    day: { type: string, format: date }',
      '    size: { type: integer, minimum: 3, multipleOf: 2 }',
      '    kind: { enum: [a, b] }',
      '    mail: { type: string, format: email }',
      '    list: { type: array, minItems: 2, items: { type: boolean } }',
      '    inner: { type: object, required: [x], properties: { x: { anyOf: [{ const: 7 }, { type: "null" }] } } }',
    ];
    await folder.write(
      'flows/p.yaml',
      `flow: p\nrunConfig: { env: { DAY: "{{ parameters.day }}" } }\n${schema.join('\n')}\n`,
    );
    expect(await config('validate')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('says which flow it could not try', async () => {
    await folder.write(
      'flows/p.yaml',
      'flow: p\nparameters: { type: object, required: [a], properties: { a: { type: string, pattern: "^[A-Z]{3}-[0-9]+$" } } }\n',
    );
    const { exitCode, stderr } = await config('validate');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: flows/p.yaml:2:13 no example of the parameters of "p" could be made');
  });

  it('tries every environment, and warns where only a request without one would fail', async () => {
    const environments = 'environments:\n  prod: { runConfig: { network: { subnets: [subnet-p] } } }\n  dev: {}\n';
    const bare = AGENT.replace('  network: { subnets: [subnet-1] }\n', '');
    await folder.write('agent.yaml', `${bare}${environments}`);
    const failed = await config('validate');
    expect(failed.exitCode).toBe(3);
    expect(failed.stderr).toContain('subnet');
    await folder.write('agent.yaml', `${bare}${environments.replace('  dev: {}\n', '')}`);
    const warned = await config('validate');
    expect(warned.exitCode).toBe(0);
    expect(warned.stderr).toContain('where a request for "etl" names no environment');
  });

  it('asks AWS neither for tagged secrets nor for its own network', async () => {
    const ecs =
      'ecs: { taskDefinition: td.yaml, secretsTag: slipway, inherit: current-task, executionRoleArn: "arn:x" }\n';
    await folder.write('agent.yaml', `table: runs\n${ecs}`);
    expect(await config('validate')).toMatchObject({ exitCode: 0, stderr: '' });
    await folder.write('agent.yaml', `table: runs\n${ecs.replace(', executionRoleArn: "arn:x"', '')}`);
    expect((await config('validate')).stderr).toContain('an execution role is needed');
  });

  it('prints the faults as JSON for programs', async () => {
    await folder.write('flows/a.yaml', 'flow: a\nrunConfig: { cpuu: 1 }\n');
    const { exitCode, stdout } = await config('validate', ['-o', 'json']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      faults: [
        {
          at: 'flows/a.yaml:2:14',
          file: 'flows/a.yaml',
          line: 2,
          column: 14,
          message: 'unknown key "cpuu"',
          hint: 'did you mean "cpu"?',
        },
      ],
      warnings: [],
    });
  });
});

describe('slipway config show', () => {
  it('shows every setting that is in effect', async () => {
    const { stdout } = await config('show');
    expect(stdout).toMatch(/^SETTING +VALUE\n/);
    expect(stdout).toMatch(/\ntable +"runs"\n/);
    expect(stdout).toMatch(/\nlimits.concurrentRuns +100\n/);
  });

  it('with --origin says who set it: file and line, flag, variable, or nobody', async () => {
    await folder.write(
      'agent.yaml',
      `${AGENT}retries: { CRASHED: { max: 5 } }\nhttp: { address: "127.0.0.1:0", token: s3cr3t }\n`,
    );
    const args = ['--origin', '-o', 'json', '--cluster', 'main'];
    const { stdout } = await config('show', args, { SLIPWAY_LABELS: 'a,b' });
    const shown: { setting: string; value: unknown; origin: string }[] = JSON.parse(stdout);
    const of = (name: string) => shown.find(({ setting }) => setting === name);
    expect(of('table')).toMatchObject({ value: 'runs', origin: 'agent.yaml:1:8' });
    expect(of('ecs.cluster')).toMatchObject({ value: 'main', origin: '--cluster' });
    expect(of('labels')).toMatchObject({ value: ['a', 'b'], origin: 'SLIPWAY_LABELS' });
    expect(of('timeouts.start')).toMatchObject({ value: '15m', origin: 'built-in' });
    expect(of('retries.CRASHED.max')).toMatchObject({ value: 5, origin: 'agent.yaml:5:28' });
    expect(of('retries.CRASHED.delay')).toMatchObject({ value: '30s', origin: 'built-in' });
    expect(of('name')).toMatchObject({ origin: 'host' });
    expect(of('http.token')).toMatchObject({ value: '(hidden)' });
    expect(stdout).not.toContain('s3cr3t');
  });
});

describe('slipway config schema', () => {
  it.each(['agent', 'flow', 'task-definition', 'run-task-kwargs'])('prints the schema of %s', async (name) => {
    const { exitCode, stdout } = await config('schema', [name]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).$schema).toBe('http://json-schema.org/draft-07/schema#');
  });

  it('writes one or all of them where it is told', async () => {
    expect((await config('schema', ['--out', 'here'])).stdout.split('\n')).toHaveLength(5);
    const written = await readFile(join(folder.path, 'here/flow.schema.json'), 'utf8');
    expect(JSON.parse(written).title).toBe('A flow of Slipway');
    expect((await config('schema', ['agent', '--out', 'there/deep'])).stdout).toBe('there/deep/agent.schema.json\n');
  });

  it.each([
    { args: [], says: 'which one? agent, flow, task-definition, run-task-kwargs' },
    { args: ['flows'], says: 'Choices: "agent", "flow"' },
  ])('refuses $args in words', async ({ args, says }) => {
    const { exitCode, stderr } = await config('schema', args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });
});
