import { command } from '../command.ts';
import { CONFIG_FLAGS, REQUEST_FLAGS } from '../config-flags.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const diff = command({
  usage: 'diff <flow>',
  summary: 'Show what a launch would send now and did not before',
  places: { flow: { type: 'string', describe: 'Name of the flow', demandOption: true } },
  flags: {
    against: {
      type: 'string',
      default: 'registered',
      describe: "registered: the latest revision of the flow's family; last: its last run; run:ID",
      requiresArg: true,
    },
    ...REQUEST_FLAGS,
    ...OUTPUT_FLAG,
    ...CONFIG_FLAGS,
    local: CONNECTION_FLAGS.local,
  },
  examples: [
    ['$0 diff etl', 'What the next run would register'],
    ['$0 diff etl --against last', "The last run's request, sent by the files as they are now"],
    ['$0 diff etl --against run:7QK3XM -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { diffLaunch } = await import('../diff-launch.ts');
    return diffLaunch({ ...args, queueUrl: args.queueUrl?.[0] }, context);
  },
});
