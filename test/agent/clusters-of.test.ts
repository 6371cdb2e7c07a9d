import { describe, expect, it } from 'vitest';
import { clustersOf } from '../../src/agent/clusters-of.ts';
import { formatFault } from '../../src/core/fault.ts';
import { type LaunchCase, workspaceOf } from '../templates/render-launch.ts';

const FLOW = 'flow: etl\nversion: "1"\nrunConfig: { image: "etl:1" }\n';

async function clusters(files: LaunchCase['files']): Promise<readonly string[]> {
  const workspace = await workspaceOf(files);
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  return clustersOf(workspace.value);
}

describe('the clusters that are swept for orphans', () => {
  it("are the agent's own, and those that flows, environments and run-task templates name", async () => {
    const found = await clusters({
      'agent.yaml': {
        ecs: {
          cluster: 'main',
          taskDefinition: { containerDefinitions: [{ name: 'flow' }] },
          network: { subnets: ['subnet-a'] },
          executionRoleArn: 'arn:aws:iam::123456789012:role/x',
        },
        environments: { test: { runConfig: { cluster: 'test' } } },
      },
      'flows/etl.yaml': FLOW,
      'flows/big.yaml': 'flow: big\nversion: "1"\nrunConfig: { image: "etl:1", runTaskKwargs: { cluster: big } }\n',
    });
    expect(found).toEqual(['main', 'big', 'test']);
  });

  it('are the default one where nobody names any', async () => {
    expect(await clusters({ 'agent.yaml': {}, 'flows/etl.yaml': FLOW })).toEqual(['default']);
  });
});
