import { command } from '../command.ts';
import { CONFIG_FLAGS, REQUEST_FLAGS } from '../config-flags.ts';

export const render = command({
  usage: 'render <flow>',
  summary: 'Print the exact ECS requests of a launch, without calling ECS',
  places: { flow: { type: 'string', describe: 'Name of the flow', demandOption: true } },
  flags: {
    ...REQUEST_FLAGS,
    output: { alias: 'o', choices: ['json', 'yaml'], default: 'json', describe: 'Format' },
    ...CONFIG_FLAGS,
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
