import { describe, expect, it } from 'vitest';
import { fillText } from '../../src/templates/placeholder.ts';
import { faultsOf, planOf } from './render-launch.ts';

const values = {
  parameters: { day: '2026-10-01', n: 3, list: ['a'], deep: { x: true } },
  environment: 'prod',
  runId: 'run-1',
};

const filled = (text: string) => {
  const result = fillText(text, values);
  return result.ok ? result.value : result.error.map(({ message }) => message);
};

describe('placeholders', () => {
  it('that are the whole of a text keep the type of what they name', () => {
    expect(filled('{{ parameters.n }}')).toBe(3);
    expect(filled('{{parameters.list}}')).toEqual(['a']);
    expect(filled('{{ parameters.deep.x }}')).toBe(true);
  });

  it('inside a text become text', () => {
    expect(filled('s3://b/{{ environment }}/{{ parameters.day }}/{{ parameters.n }}')).toBe('s3://b/prod/2026-10-01/3');
  });

  it('are filled once: what a parameter holds is not read again', () => {
    const result = fillText('{{ parameters.a }}!', { parameters: { a: '{{ run.id }}' }, runId: 'secret' });
    expect(result).toEqual({ ok: true, value: '{{ run.id }}!' });
  });

  it('of Docker, which begin with a dot, are left to Docker', () => {
    expect(filled('{{.Name}}/{{ .ID }}')).toBe('{{.Name}}/{{ .ID }}');
  });

  it('never reach a prototype', () => {
    for (const name of ['parameters.constructor', 'parameters.__proto__', 'parameters.day.length', 'constructor']) {
      expect(filled(`{{ ${name} }}`)).toEqual([expect.stringContaining(name)]);
    }
  });
});

const files = (runConfig: object, containers: readonly object[] = [{ name: 'flow', image: 'etl:1' }]) => ({
  'agent.yaml': {
    table: 'slipway',
    ecs: { taskDefinition: { containerDefinitions: containers }, network: { subnets: ['subnet-a'] } },
  },
  'flows/etl.yaml': { flow: 'etl', runConfig },
});

describe('values with placeholders', () => {
  it('go into overrides, so that runs with other parameters share a definition', async () => {
    const launch = (day: string) => ({
      files: files({ env: { DAY: '{{ parameters.day }}' }, command: ['run', '{{ parameters.n }}'] }),
      request: { flow: 'etl', parameters: { day, n: 5 } },
    });
    const [first, second] = [await planOf(launch('1')), await planOf(launch('2'))];
    expect(second.definition).toEqual(first.definition);
    expect(first.runTask.overrides?.containerOverrides?.[0]).toMatchObject({ name: 'flow', command: ['run', '5'] });
    expect(second.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({ name: 'DAY', value: '2' });
  });

  it('on a sidecar reach the sidecar', async () => {
    const containers = [
      { name: 'flow', image: 'etl:1' },
      {
        name: 'side',
        image: 'side:1',
        environment: [
          { name: 'RUN', value: '{{ run.id }}' },
          { name: 'A', value: '1' },
        ],
      },
    ];
    const plan = await planOf({ files: files({}, containers), request: { flow: 'etl', runId: 'run-9' } });
    expect(plan.runTask.overrides?.containerOverrides?.[0]).toEqual({
      name: 'side',
      environment: [{ name: 'RUN', value: 'run-9' }],
    });
  });

  it('that name the environment only are registered', async () => {
    const plan = await planOf({
      files: files({ env: { E: '{{ environment }}' } }),
      request: { flow: 'etl', environment: 'prod' },
    });
    expect(plan.definition).toMatchObject({
      input: { containerDefinitions: [{ environment: [{ name: 'E', value: 'prod' }] }] },
    });
  });

  it('may be sizes: both halves go into overrides then, above a pair that Fargate has', async () => {
    const plan = await planOf({
      files: files({ cpu: '{{ parameters.cpu }}', memory: 16384 }),
      request: { flow: 'etl', parameters: { cpu: 4096 } },
    });
    expect(plan.definition).toMatchObject({ input: { cpu: '1024', memory: '2048' } });
    expect(plan.runTask.overrides).toMatchObject({ cpu: '4096', memory: '16384' });
  });

  it('in an image make a definition for each image', async () => {
    const plan = await planOf({
      files: files({ image: 'etl:{{ parameters.tag }}' }),
      request: { flow: 'etl', parameters: { tag: 'v2' } },
    });
    expect(plan.definition).toMatchObject({ input: { containerDefinitions: [{ image: 'etl:v2' }] } });
  });

  it('in a request are text', async () => {
    const plan = await planOf({
      files: files({}),
      request: { flow: 'etl', runConfig: { env: { A: '{{ run.id }}' } } },
    });
    expect(plan.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({
      name: 'A',
      value: '{{ run.id }}',
    });
  });

  it('cannot change the structure of a request by what they hold', async () => {
    const evil = 'x\nprivileged: true';
    const plan = await planOf({
      files: files({ env: { A: '{{ parameters.a }}' } }),
      request: { flow: 'etl', parameters: { a: evil } },
    });
    expect(plan.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({ name: 'A', value: evil });
  });

  it('that put a map where ECS wants text are a fault', async () => {
    const faults = await faultsOf({
      files: files({ image: '{{ parameters.image }}' }),
      request: { flow: 'etl', parameters: { image: { a: 1 } } },
    });
    expect(faults).toEqual(
      expect.arrayContaining([expect.stringContaining('containerDefinitions[0].image has to be text')]),
    );
  });

  it('take the tick’s values where a schedule made the run', async () => {
    const tick = { date: '2026-10-01', time: '2026-10-01T06:00:00Z' };
    const plan = await planOf({ files: files({ env: { DAY: '{{ tick.date }}' } }), more: { tick } });
    expect(plan.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({
      name: 'DAY',
      value: '2026-10-01',
    });
  });
});
