import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const runsSteps = command({
  usage: 'steps <run>',
  summary: 'Show the steps of a run',
  places: RUN_PLACE,
  flags: {
    attempt: { type: 'number', describe: 'Of this attempt instead of the last one', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 runs steps @last', 'How far the newest run is'],
    ['$0 runs steps 7QK3XM --attempt 1 -o json', 'Of its first attempt, for programs'],
  ],
  run: async (args, context) => {
    const { showSteps } = await import('../show-steps.ts');
    return showSteps(args, context);
  },
});
