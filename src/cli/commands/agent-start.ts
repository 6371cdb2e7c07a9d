import { AGENT_FLAGS } from '../agent-flags.ts';
import { command } from '../command.ts';

export const agentStart = command({
  usage: 'start',
  summary: 'Take run requests from the queue and launch them, until SIGTERM; SIGHUP reads the files again',
  places: {},
  flags: AGENT_FLAGS,
  examples: [
    ['$0 agent start --config agent.yaml', 'All in a file'],
    ['$0 agent start --config s3://acme-slipway/agent.yaml -l prod -e REGION=eu', 'Flags say more than the file'],
  ],
  run: async (args, context) => {
    const { runAgent } = await import('../run-agent.ts');
    return runAgent(args, context);
  },
});
