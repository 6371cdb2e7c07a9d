import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { reaches, register, run, shell } from './run-a-task.ts';
import { type StartedEcs, startEcs } from './start-ecs.ts';

describe('the task metadata endpoint', () => {
  let local: StartedEcs;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    local = await startEcs();
  });

  afterEach(async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const uriOf = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  const tellUri = (name: string) =>
    shell(`echo $ECS_CONTAINER_METADATA_URI_V4 > ${join(folder, name)}; sleep 60`, { name });
  const get = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, body: await response.json() };
  };

  it('tells each container about itself and its task', async () => {
    const definition = await register(local.client, [tellUri('main'), tellUri('sidecar')]);
    const task = await reaches(local.client, await run(local.client, definition), 'RUNNING');
    await eventually(async () => expect((await get(uriOf('main'))).status).toBe(200));
    await eventually(async () => expect((await get(uriOf('sidecar'))).status).toBe(200));
    expect((await get(uriOf('sidecar'))).body).toMatchObject({
      Name: 'sidecar',
      KnownStatus: 'RUNNING',
      Image: 'alpine',
    });
    expect((await get(`${uriOf('main')}/task`)).body).toMatchObject({
      Cluster: task.clusterArn,
      TaskARN: task.taskArn,
      Family: 'sample',
      Revision: '1',
      DesiredStatus: 'RUNNING',
      KnownStatus: 'RUNNING',
      LaunchType: 'FARGATE',
      AvailabilityZone: task.availabilityZone,
      Limits: { CPU: 0.25, Memory: 512 },
      Containers: [{ Name: 'main' }, { Name: 'sidecar' }],
    });
  });

  it('knows nobody once the task has stopped, and no other path', async () => {
    const definition = await register(local.client, [
      shell(`echo $ECS_CONTAINER_METADATA_URI_V4 > ${join(folder, 'main')}`),
    ]);
    await reaches(local.client, await run(local.client, definition), 'STOPPED');
    expect((await get(uriOf('main'))).status).toBe(404);
    expect((await get(`${uriOf('main')}/nothing`)).status).toBe(404);
  });
});
