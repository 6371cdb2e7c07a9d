import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS } from '../schedule-flags.ts';

export const schedulesApply = command({
  usage: 'apply',
  summary: 'Put the schedules of the files on record now; agents do so when they read the files',
  places: {},
  flags: {
    prune: { type: 'boolean', default: false, describe: 'Forget schedules that no file has, with their pauses' },
    'dry-run': { type: 'boolean', default: false, describe: 'Only say what would change' },
    yes: { type: 'boolean', alias: 'y', default: false, describe: 'Also schedules of more than 60 runs a day' },
    ...OUTPUT_FLAG,
    ...SCHEDULE_FLAGS,
  },
  examples: [
    ['$0 schedules apply --dry-run', 'What would change'],
    ['$0 schedules apply --prune', 'Also forget what is gone'],
  ],
  run: async (args, context) => {
    const { applySchedules } = await import('../apply-schedules.ts');
    return applySchedules(args, context);
  },
});
