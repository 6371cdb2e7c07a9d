import { command } from '../command.ts';

export const agentPoke = command({
  usage: 'poke',
  summary: 'Have a running agent look for queued runs, and at all runs in flight, now',
  places: {},
  flags: { 'agent-address': { type: 'string', describe: 'http://host:port of the agent (SLIPWAY_AGENT_ADDRESS)' } },
  examples: [['$0 agent poke', 'The agent of this machine']],
  run: async (args, context) => {
    const { pokeAgent } = await import('../poke-agent.ts');
    await pokeAgent(args, context);
    return undefined;
  },
});
