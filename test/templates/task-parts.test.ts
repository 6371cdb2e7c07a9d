import { describe, expect, it } from 'vitest';
import { planOf } from './render-launch.ts';
import { containerOf, launch } from './small-launch.ts';

describe('tags', () => {
  it('of one key have one value, wherever they are written: the highest layer’s', async () => {
    const ecs = { runTaskKwargs: { tags: [{ key: 'team', value: 'agent' }] } };
    const runConfig = { taskDefinitionPatch: { tags: [{ key: 'team', value: 'flow' }] } };
    const plan = await planOf(launch({ ecs, runConfig }));
    expect(plan.runTask.tags).toContainEqual({ key: 'team', value: 'flow' });
    expect(plan.definition).toMatchObject({
      input: { tags: expect.arrayContaining([{ key: 'team', value: 'flow' }]) },
    });
  });

  it('of a request do not make another definition', async () => {
    const flow = { requests: { allow: ['tags'] } };
    const runConfig = { taskDefinitionPatch: { tags: [{ key: 'team', value: 'flow' }] } };
    const plain = await planOf(launch({ flow, runConfig }));
    const tagged = await planOf(launch({ flow, runConfig, request: { runConfig: { tags: { team: 'request' } } } }));
    expect(tagged.definition).toEqual(plain.definition);
    expect(tagged.runTask.tags).toContainEqual({ key: 'team', value: 'request' });
  });

  it('of ours give way where the user’s fill the list', async () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, 'x']));
    const { runTask } = await planOf(launch({ runConfig: { tags } }));
    expect(runTask.tags).toHaveLength(50);
    expect(runTask.tags?.map(({ key }) => key)).not.toContain('slipway:flow');
  });

  it('tell the flow and the run', async () => {
    const { runTask } = await planOf(launch({ request: { runId: 'run-7' } }));
    expect(runTask.tags).toEqual([
      { key: 'slipway:flow', value: 'etl' },
      { key: 'slipway:run-id', value: 'run-7' },
    ]);
  });
});

describe('the network', () => {
  const inherited = { subnets: ['subnet-own'], securityGroups: ['sg-own'] };

  it('of the agent’s own task is used where nothing says otherwise', async () => {
    const ecs = { network: undefined, inherit: 'current-task' };
    const { runTask } = await planOf(launch({ ecs, more: { inheritedNetwork: inherited } }));
    expect(runTask.networkConfiguration).toEqual({ awsvpcConfiguration: inherited });
  });

  it('of the agent’s own task gives way to every template and key', async () => {
    const ecs = { network: { inherit: 'current-task', subnets: ['subnet-key'] } };
    const { runTask } = await planOf(launch({ ecs, more: { inheritedNetwork: inherited } }));
    expect(runTask.networkConfiguration?.awsvpcConfiguration).toEqual({
      subnets: ['subnet-key'],
      securityGroups: ['sg-own'],
    });
  });

  it('is not inherited unasked, and no public IP is ever added', async () => {
    const { runTask } = await planOf(launch({ more: { inheritedNetwork: inherited } }));
    expect(runTask.networkConfiguration).toEqual({ awsvpcConfiguration: { subnets: ['subnet-a'] } });
  });

  it('takes true for ENABLED', async () => {
    const { runTask } = await planOf(launch({ runConfig: { network: { assignPublicIp: true } } }));
    expect(runTask.networkConfiguration?.awsvpcConfiguration?.assignPublicIp).toBe('ENABLED');
  });
});

describe('secrets found by tag', () => {
  const taggedSecrets = [
    { name: 'DB_PASSWORD', arn: 'arn:tagged' },
    { name: 'team/unusable', arn: 'arn:unusable' },
    { name: 'SLIPWAY_TABLE', arn: 'arn:reserved' },
  ];

  it('stand below those that are listed, and only names that a program can read are taken', async () => {
    const ecs = { executionRoleArn: 'arn:role', secretsTag: 'etl', secrets: { API: 'arn:listed' } };
    const container = await containerOf(
      launch({ ecs, runConfig: { secrets: { DB_PASSWORD: 'arn:flow' } }, more: { taggedSecrets } }),
    );
    expect(container?.secrets).toEqual([
      { name: 'DB_PASSWORD', valueFrom: 'arn:flow' },
      { name: 'API', valueFrom: 'arn:listed' },
    ]);
  });

  it('are not used by an agent that names no tag', async () => {
    expect((await containerOf(launch({ more: { taggedSecrets } })))?.secrets).toBeUndefined();
  });
});
