import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

/** How people name a run. */
export const RUN_PLACE = {
  run: {
    type: 'string',
    describe: 'Run id, its last 4 characters or more, task ARN, @last, flow@last, @last-failed',
    demandOption: true,
  },
} as const;

export const runsGet = command({
  usage: 'get <run>',
  summary: 'Show the record of a run',
  places: RUN_PLACE,
  flags: { ...OUTPUT_FLAG, ...CONNECTION_FLAGS },
  examples: [
    ['$0 runs get @last', 'The newest run'],
    ['$0 runs get 7QK3XM -o json', 'The whole record'],
  ],
  run: async (args, context) => {
    const { showRun } = await import('../show-run.ts');
    return showRun(args, context);
  },
});
