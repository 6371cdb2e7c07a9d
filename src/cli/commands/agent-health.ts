import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const agentHealth = command({
  usage: 'health',
  summary: "Show a running agent's checks; exit code 1 if one fails, for health checks of containers",
  places: {},
  flags: {
    ready: { type: 'boolean', default: false, describe: 'Whether it can work (/readyz), not only whether it turns' },
    'agent-address': { type: 'string', describe: 'http://host:port of the agent (SLIPWAY_AGENT_ADDRESS)' },
    ...OUTPUT_FLAG,
  },
  examples: [
    ['$0 agent health', 'Whether its loops turn'],
    ['$0 agent health --ready', 'Whether store, queues and credentials are there'],
  ],
  run: async (args, context) => {
    const { checkAgent } = await import('../check-agent.ts');
    return checkAgent(args, context);
  },
});
