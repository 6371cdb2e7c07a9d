import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const flowsGet = command({
  usage: 'get <flow>',
  summary: 'Show a flow: its graph, its parameters, how it is run',
  places: {
    flow: { type: 'string', describe: 'Name, or name@version', demandOption: true },
  },
  flags: { ...OUTPUT_FLAG, ...CONNECTION_FLAGS },
  examples: [
    ['$0 flows get etl', 'The latest version'],
    ['$0 flows get etl@1.4.0 -o json', 'The whole record of one version'],
  ],
  run: async (args, context) => {
    const { showFlow } = await import('../flows/show-flow.ts');
    return showFlow(args, context);
  },
});
