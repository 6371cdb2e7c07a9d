import { describe, expect, it } from 'vitest';
import { faultsOf, planOf } from './render-launch.ts';
import { containerOf, definitionOf, launch, TEMPLATE } from './small-launch.ts';

describe('flags and variables', () => {
  it('stand above the file as layers of their own: a flag beats a strategy that the file has', async () => {
    const ecs = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] };
    const settings = { 'ecs.launchType': { value: 'ec2', origin: '--launch-type' } };
    const { runTask } = await planOf(launch({ ecs, settings }));
    expect(runTask.launchType).toBe('EC2');
    expect(runTask.capacityProviderStrategy).toBeUndefined();
  });

  it('merge maps by key', async () => {
    const settings = { 'ecs.env': { value: { B: 'flag' }, origin: '--env' } };
    const container = await containerOf(launch({ ecs: { env: { A: 'file', B: 'file' } }, settings }));
    expect(container?.environment).toEqual([
      { name: 'A', value: 'file' },
      { name: 'B', value: 'flag' },
    ]);
  });
});

describe('images, secrets and entry points of a request', () => {
  it('make another definition, since overrides cannot carry them', async () => {
    const flow = { requests: { allow: ['image'] } };
    const plain = await planOf(launch({ flow }));
    const other = await planOf(launch({ flow, request: { runConfig: { image: 'etl:2' } } }));
    expect(plain.definition).not.toEqual(other.definition);
    expect((await containerOf(launch({ flow, request: { runConfig: { image: 'etl:2' } } })))?.image).toBe('etl:2');
  });
});

describe('a null in a request', () => {
  it('takes a variable out of the definition, since overrides cannot', async () => {
    const container = await containerOf(
      launch({ runConfig: { env: { A: '1', B: '2' } }, request: { runConfig: { env: { A: null } } } }),
    );
    expect(container?.environment).toEqual([{ name: 'B', value: '2' }]);
  });

  it('takes the profiles of lower layers away', async () => {
    const plan = await planOf(launch({ runConfig: { profile: 'large' }, request: { runConfig: { profile: null } } }));
    expect(plan.definition).toMatchObject({ input: { cpu: '512', memory: '1024' } });
  });
});

describe('a null for a whole part', () => {
  it('takes away the kwargs of lower layers', async () => {
    const ecs = { runTaskKwargs: { group: 'nightly', overrides: { taskRoleArn: 'arn:role' } } };
    const kept = await planOf(launch({ ecs }));
    expect(kept.runTask.group).toBe('nightly');
    const plan = await planOf(launch({ ecs, runConfig: { runTaskKwargs: null } }));
    expect(plan.runTask.group).toBeUndefined();
    expect(plan.definition).not.toMatchObject({ input: { taskRoleArn: 'arn:role' } });
  });

  it('takes away the patches of lower layers, and a request may do so too', async () => {
    const agent = { environments: { prod: { runConfig: { taskDefinitionPatch: { pidMode: 'task' } } } } };
    const request = { environment: 'prod', runConfig: { taskDefinitionPatch: null } };
    const flow = { requests: { allow: ['taskDefinitionPatch'] } };
    expect((await planOf(launch({ agent, request: { environment: 'prod' } }))).definition).toMatchObject({
      input: { pidMode: 'task' },
    });
    expect(await definitionOf(launch({ agent, flow, request }))).not.toHaveProperty('pidMode');
  });

  it('takes away the base: then only what patches and keys say is left', async () => {
    const definition = await definitionOf(launch({ runConfig: { taskDefinition: null, image: 'own:1' } }));
    expect(definition).toMatchObject({
      cpu: '1024',
      memory: '2048',
      containerDefinitions: [{ name: 'flow', image: 'own:1' }],
    });
  });
});

describe('a name that is a variable and a secret', () => {
  it('is a fault in the definition and in the overrides', async () => {
    const runConfig = { executionRoleArn: 'arn:role', secrets: { DB: 'arn:db' } };
    expect(await faultsOf(launch({ runConfig: { ...runConfig, env: { DB: 'x' } } }))).toEqual([
      expect.stringContaining('"DB" is a variable and a secret of one container'),
    ]);
    expect(await faultsOf(launch({ runConfig, request: { runConfig: { env: { DB: 'x' } } } }))).toEqual([
      'request "DB" is a variable and a secret of one container; take one of them away with a null',
    ]);
  });
});

describe('a family without a revision', () => {
  it('is taken for a file, and the fault says how ECS names definitions', async () => {
    expect(await faultsOf(launch({ runConfig: { taskDefinition: 'etl' } }))).toEqual([
      'flows/etl.yaml:5:23 "flows/etl" does not exist; a task definition that exists in ECS is named family:revision, or by its ARN',
    ]);
  });
});

describe('a size that files say and Fargate lacks', () => {
  it('is mended by the request that completes it, in the definition too', async () => {
    const plan = await planOf(launch({ runConfig: { cpu: 4096 }, request: { runConfig: { memory: 8192 } } }));
    expect(plan.definition).toMatchObject({ input: { cpu: '4096', memory: '8192' } });
    expect(plan.runTask.overrides).toMatchObject({ memory: '8192' });
  });
});

describe('the main container', () => {
  it('keeps its own limits when a request says the size that the task has already', async () => {
    const template = { ...TEMPLATE, containerDefinitions: [{ name: 'flow', image: 'etl:1', memory: 512 }] };
    const { runTask } = await planOf(launch({ template, request: { runConfig: { memory: '1 GB' } } }));
    expect(runTask.overrides?.containerOverrides?.[0]).not.toHaveProperty('memory');
  });

  it('has its reservation lowered where the request makes the task smaller than it', async () => {
    const template = {
      ...TEMPLATE,
      memory: '4096',
      containerDefinitions: [{ name: 'flow', image: 'etl:1', memoryReservation: 3000 }],
    };
    const { runTask } = await planOf(launch({ template, request: { runConfig: { memory: 2048 } } }));
    expect(runTask.overrides?.containerOverrides?.[0]).toMatchObject({ memoryReservation: 2048 });
  });

  it('is chosen by a request that may name it, and gets every layer’s variables then', async () => {
    const template = {
      ...TEMPLATE,
      containerDefinitions: [
        { name: 'flow', image: 'etl:1' },
        { name: 'other', image: 'other:1' },
      ],
    };
    const one = launch({
      template,
      ecs: { env: { A: '1' } },
      flow: { requests: { allow: ['containerName'] } },
      request: { runConfig: { containerName: 'other' } },
    });
    expect((await containerOf(one, 'other'))?.environment).toEqual([{ name: 'A', value: '1' }]);
    expect((await planOf(one)).container).toBe('other');
  });
});

describe('an escalated profile', () => {
  it('beats the size that the request asked for', async () => {
    const { runTask } = await planOf(
      launch({ request: { runConfig: { memory: 2048 } }, more: { adjustment: { profile: 'xlarge' } } }),
    );
    expect(runTask.overrides).toMatchObject({ cpu: '4096', memory: '8192' });
  });

  it('is a fault where there is none of that name', async () => {
    expect(await faultsOf(launch({ more: { adjustment: { profile: 'giant' } } }))).toEqual([
      'retry there is no profile "giant"; there are small, medium, large, xlarge, heavy, max',
    ]);
  });
});

describe('a task definition that exists in ECS', () => {
  it('takes variables and kwargs of lower layers as overrides', async () => {
    const ecs = {
      env: { A: 'agent' },
      runTaskKwargs: { group: 'nightly', overrides: { containerOverrides: [{ name: 'app', command: ['x'] }] } },
    };
    const plan = await planOf(launch({ ecs, runConfig: { taskDefinition: 'etl:7', containerName: 'app' } }));
    expect(plan.definition).toEqual({ kind: 'named', taskDefinition: 'etl:7' });
    expect(plan.runTask).toMatchObject({ group: 'nightly' });
    expect(plan.runTask.overrides?.containerOverrides?.[0]).toMatchObject({ name: 'app', command: ['x'] });
    expect(plan.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({ name: 'A', value: 'agent' });
  });

  it('refuses an image that the request brings', async () => {
    const one = launch({
      runConfig: { taskDefinition: 'etl:7' },
      flow: { runConfig: { taskDefinition: 'etl:7' }, requests: { allow: ['image'] } },
      request: { runConfig: { image: 'x' } },
    });
    expect(await faultsOf(one)).toEqual([
      'request image cannot apply to etl:7, which exists already; name a template instead, or leave it out',
    ]);
  });
});

describe('schedules', () => {
  it('may say anything: their requests are the flow’s own', async () => {
    const flow = { requests: { allow: [] } };
    const request = { parameters: { day: '2026-10-01' }, runConfig: { command: ['x'] } };
    expect(await faultsOf(launch({ flow, request }))).toHaveLength(2);
    const tick = { date: '2026-10-01', time: '2026-10-01T02:00:00Z' };
    expect(await faultsOf(launch({ flow, request, more: { tick } }))).toEqual([]);
  });
});

describe('whether the container runs the worker', () => {
  const workerOf = async (parts: Parameters<typeof launch>[0]) => (await planOf(launch(parts))).worker;

  it('is told by the name of the image', async () => {
    expect(await workerOf({ runConfig: { image: 'acme/slipway-worker:1.4' } })).toBe(true);
    expect(await workerOf({ runConfig: { image: 'localhost:5000/acme/data-slipway-worker@sha256:ab' } })).toBe(true);
    expect(await workerOf({ runConfig: { image: 'slipway-worker/etl:1' } })).toBe(false);
    expect(await workerOf({ runConfig: { image: 'myslipway-worker' } })).toBe(false);
  });

  it('is so for a flow with an artifact, unless its file says no', async () => {
    expect(await workerOf({ flow: { artifact: 's3://bucket/etl.zip' } })).toBe(true);
    expect(await workerOf({ flow: { artifact: 's3://bucket/etl.zip', worker: false } })).toBe(false);
    expect(await workerOf({ flow: { worker: true } })).toBe(true);
  });
});
