import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const runsCancel = command({
  usage: 'cancel <run>',
  summary: 'Ask for the end of a run; its task is stopped',
  places: RUN_PLACE,
  flags: {
    reason: { type: 'string', describe: 'Why, for the record', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 runs cancel 7QK3XM --reason "wrong date"', 'Who and why stay on record']],
  run: async (args, context) => {
    const { askCancel } = await import('../ask-cancel.ts');
    return askCancel(args, context);
  },
});
