import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const agentsLs = command({
  usage: 'ls',
  summary: 'List the agents of the last day: who works, since when, and when it was last seen',
  places: {},
  flags: {
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 agents ls', '']],
  run: async (args, context) => {
    const { showAgents } = await import('../show-agents.ts');
    await showAgents(args, context);
    return undefined;
  },
});
