import { describe, expect, it } from 'vitest';
import { LaunchSurroundings } from '../../src/agent/launch-surroundings.ts';
import { workspacePlanner } from '../../src/agent/workspace-planner.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Workspace } from '../../src/templates/workspace.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { nothingPublished } from '../fakes/nothing-published.ts';
import { queuedRun } from '../fakes/runs.ts';
import { workspaceOf } from '../templates/render-launch.ts';

const SECRETS = [{ name: 'DB_PASSWORD', arn: 'arn:db' }] as const;
const NETWORK = { subnets: ['subnet-own'], securityGroups: ['sg-own'] } as const;

async function workspace(ecs: object): Promise<Workspace> {
  const base = { executionRoleArn: 'arn:aws:iam::123456789012:role/execution', image: 'etl:1' };
  const loaded = await workspaceOf({
    'agent.yaml': { table: 'slipway', ecs: { ...base, ...ecs } },
    'flows/hello.yaml': { flow: 'hello' },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

/** Surroundings with everything to be found, and a list of what was looked for. */
function found(asked: string[]) {
  const secrets = async () => ({
    listByTag: async (tag: string) => {
      asked.push(tag);
      return SECRETS;
    },
  });
  return new LaunchSurroundings(
    {
      secrets,
      network: async () => ({
        read: async () => {
          asked.push('network');
          return ok(NETWORK);
        },
      }),
    },
    () => 0,
  );
}

function planned(workspace: Workspace, surroundings: Pick<LaunchSurroundings, 'find'>) {
  const artifacts = { publish: async () => ok(undefined) };
  const files = new MemoryFileStore();
  return workspacePlanner({ workspace: () => workspace, flows: nothingPublished(), artifacts, files, surroundings })(
    queuedRun(),
  );
}

describe('what launches need beyond the files', () => {
  it('is not looked for unless agent.yaml asks for it', async () => {
    const asked: string[] = [];
    const plan = await planned(await workspace({ network: { subnets: ['subnet-a'] } }), found(asked));
    expect(plan).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
  });

  it('are the secrets with its tag and the network of its own task', async () => {
    const asked: string[] = [];
    const plan = await planned(await workspace({ secretsTag: 'slipway', inherit: 'current-task' }), found(asked));
    expect(asked.sort()).toEqual(['network', 'slipway']);
    expect(plan).toMatchObject({
      ok: true,
      value: {
        plan: {
          definition: {
            input: { containerDefinitions: [{ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:db' }] }] },
          },
          runTask: { networkConfiguration: { awsvpcConfiguration: NETWORK } },
        },
      },
    });
    expect(JSON.stringify(plan)).not.toContain('assignPublicIp');
  });

  it('gives way to a network that the file names', async () => {
    const network = { subnets: ['subnet-a'], inherit: 'current-task' };
    const plan = await planned(await workspace({ network }), found([]));
    expect(plan).toMatchObject({
      value: { plan: { runTask: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } } } } },
    });
  });

  it('is a fault of the configuration where there is no network to inherit', async () => {
    const none = { find: async () => err({ message: 'there is no network to inherit' }) };
    const plan = await planned(await workspace({ inherit: 'current-task' }), none);
    expect(plan).toEqual(err({ code: 'INVALID_CONFIG', faults: [{ message: 'there is no network to inherit' }] }));
  });

  it('stops a launch while it cannot be looked for: a task without its secrets would be another one', async () => {
    const away = { find: () => Promise.reject(new Error('Rate exceeded')) };
    await expect(planned(await workspace({ secretsTag: 'slipway' }), away)).rejects.toThrow('Rate exceeded');
  });

  it('is pointed to where agent.yaml asks for it', async () => {
    const ports = {
      secrets: () => Promise.reject(new Error('is not asked')),
      network: async () => ({ read: async () => err({ message: 'there is none' }) }),
    };
    const { agent } = await workspace({ inherit: 'current-task' });
    expect(await new LaunchSurroundings(ports, () => 0).find(agent)).toMatchObject({
      ok: false,
      error: { place: { file: 'agent.yaml', line: 6 }, message: 'there is none' },
    });
  });
});
