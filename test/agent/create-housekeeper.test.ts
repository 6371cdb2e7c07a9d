import { ListTaskDefinitionsCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTools } from '../../src/agent/agent-tools.ts';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { createHousekeeper } from '../../src/agent/create-housekeeper.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { readEnv } from '../../src/cli/env.ts';
import { formatFault } from '../../src/core/fault.ts';
import type { JsonMap } from '../../src/core/json.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { localEnv } from '../cli/local-server.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import { Stage } from '../whole/stage.ts';

const ORPHANS = { orphans: { enabled: true } };
const HOUSEKEEPING = { definitions: { keep: 1 }, retention: { days: 15 } };

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** One look at the chores, as if it were so much later. */
async function round(housekeeping: JsonMap, laterMs = 0): Promise<void> {
  const settings = {
    queues: { value: [{ url: stage.queueUrl }], origin: 'test' },
    housekeeping: { value: housekeeping, origin: 'test' },
  };
  const workspace = await loadWorkspace({
    configRef: stage.configRef,
    settings,
    reader: fileSourceReader,
    hostName: 'host',
  });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  const aws = connectAws({ region: 'us-east-1', endpoint: stage.aws.url });
  const where = { workspace: workspace.value, aws, table: 'slipway', process: TEST_PROCESS };
  const clock = { ...systemClock, now: () => Date.now() + laterMs };
  const housekeeper = createHousekeeper(agentTools({ ...where, clock, log: silentLog }));
  await housekeeper.round(createStop().signal);
  await housekeeper.settled();
}

async function slipway(...args: string[]): Promise<string> {
  const env = readEnv(localEnv(stage.aws));
  return (await runInProcess([...args, '--config', stage.configRef], { env })).stdout;
}

describe("an agent's chores", () => {
  it('are what agent.yaml asks for; people see what became of them', async () => {
    const ecs = createEcsClient({ endpoint: stage.aws.url, region: 'us-east-1' });
    const containerDefinitions = [{ name: 'flow', image: 'busybox', memory: 128 }];
    for (const family of ['slipway-a', 'slipway-a', 'web', 'web']) {
      await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    }
    await round(ORPHANS);
    expect(await slipway('doctor')).toMatch(/OK +housekeeping +orphans \(default\) .* by test-agent: 0 stopped/);
    await round(HOUSEKEEPING);
    const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({}));
    expect(taskDefinitionArns.map((arn) => arn.split('/').at(-1))).toEqual(['slipway-a:2', 'web:1', 'web:2']);
    ecs.destroy();
    const agent = await stage.agent();
    await agent.processAll(createStop().signal);
    const shown = await slipway('agents', 'ls');
    expect(shown).toMatch(/definitions +slipway .* test-agent +1 deregistered, 0 older ones in use/);
    expect(shown).toMatch(/retention +slipway .* test-agent +0 runs forgotten/);
  });

  it('that fail are said by the doctor, with what AWS says', async () => {
    const message = 'is not authorized to perform: ecs:ListTasks';
    const denied = { kind: 'error', name: 'AccessDeniedException', message, status: 400 } as const;
    const heal = stage.aws.faults.add({ operation: 'ecs.ListTasks', fault: denied });
    await round(ORPHANS, 600_000);
    heal();
    expect(await slipway('doctor')).toMatch(/WARN +housekeeping +orphans \(default\) .*ecs:ListTasks/);
  });
});
