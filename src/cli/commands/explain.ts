import { command } from '../command.ts';
import { CONFIG_FLAGS, REQUEST_FLAGS } from '../config-flags.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const explain = command({
  usage: 'explain <flow|run> [field]',
  summary: 'Show who set each field of a launch, and what that overrode',
  places: {
    flow: { type: 'string', describe: 'Name of a flow, or a run: its id, @last, flow@last', demandOption: true },
    field: { type: 'string', describe: 'Only this field and those below it: cpu, flow.env, network' },
  },
  flags: { ...REQUEST_FLAGS, ...OUTPUT_FLAG, ...CONFIG_FLAGS, local: CONNECTION_FLAGS.local },
  examples: [
    ['$0 explain etl --environment prod', 'Every field, by file and line'],
    ['$0 explain etl flow.env', 'The variables of the container "flow"'],
    ['$0 explain etl@last cpu', 'The last run of etl, by the files as they are now'],
  ],
  run: async (args, context) => {
    const { explainLaunch } = await import('../explain-launch.ts');
    return explainLaunch({ ...args, queueUrl: args.queueUrl?.[0] }, context);
  },
});
