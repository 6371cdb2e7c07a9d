import { AGENT_FLAGS } from '../agent-flags.ts';
import { command } from '../command.ts';

const { 'max-polls': _maxPolls, 'log-level': _logLevel, 'agent-address': _address, ...settings } = AGENT_FLAGS;

export const render = command({
  usage: 'render <flow>',
  summary: 'Print the exact ECS requests of a launch, without calling ECS',
  places: { flow: { type: 'string', describe: 'Name of the flow', demandOption: true } },
  flags: {
    request: { type: 'string', describe: 'Run request: a JSON file, or - for stdin', requiresArg: true },
    environment: { type: 'string', describe: "One of the agent's environments", requiresArg: true },
    output: { alias: 'o', choices: ['json', 'yaml'], default: 'json', describe: 'Format' },
    ...settings,
  },
  examples: [
    ['$0 render hello', 'With the agent.yaml of this folder'],
    ['$0 render etl --config agent.yaml --environment prod --request request.json -o yaml', ''],
  ],
  run: async (args, context) => {
    const { renderLaunch } = await import('../render-launch.ts');
    return renderLaunch(args, context);
  },
});
