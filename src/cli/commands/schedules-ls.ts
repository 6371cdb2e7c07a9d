import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS } from '../schedule-flags.ts';

export const schedulesLs = command({
  usage: 'ls',
  summary: 'List schedules: next fire, last run, what was left out and why',
  places: {},
  flags: {
    flow: { type: 'string', describe: 'Only of this flow', requiresArg: true },
    ...OUTPUT_FLAG,
    ...SCHEDULE_FLAGS,
  },
  examples: [
    ['$0 schedules ls', 'All of them'],
    ['$0 schedules ls --flow etl -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { listSchedules } = await import('../list-schedules.ts');
    return listSchedules(args, context);
  },
});
