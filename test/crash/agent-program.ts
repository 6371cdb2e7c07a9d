import { connectAws } from '../../src/agent/connect-aws.ts';
import { createAgent } from '../../src/agent/create-agent.ts';
import { formatFault } from '../../src/core/fault.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { createLog } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import type { AgentArguments } from './agent-arguments.ts';

/**
 * The agent as a process to be killed: the same composition as `slipway agent start`, with a pace and a lease that let
 * a matrix of crashes be over in a minute.
 */
async function main({ name, configRef, queueUrl, table, endpoint, pace, leaseMs }: AgentArguments): Promise<void> {
  const settings = {
    name: { value: name, origin: '--name' },
    table: { value: table, origin: '--table' },
    queues: { value: [{ url: queueUrl }], origin: '--queue-url' },
  };
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  const stop = createStop();
  process.once('SIGTERM', () => stop.abort());
  // Its input ends with the program that has started it: nobody is left behind by a matrix that was interrupted.
  process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL')).resume();
  const agent = createAgent({
    workspace: workspace.value,
    aws: connectAws({ region: 'us-east-1', endpoint }),
    table,
    process: TEST_PROCESS,
    clock: systemClock,
    log: createLog('info', process.stdout, { agent: name }),
    pace,
    leaseMs,
  });
  await agent.run(stop);
  process.stdin.destroy();
}

const [, , text = ''] = process.argv;
const given: AgentArguments = JSON.parse(text);
await main(given);
