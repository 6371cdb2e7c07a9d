import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS } from '../schedule-flags.ts';

export const schedulesDiff = command({
  usage: 'diff',
  summary: 'Compare the schedules of the files with those on record',
  places: {},
  flags: { ...OUTPUT_FLAG, ...SCHEDULE_FLAGS },
  examples: [['$0 schedules diff', 'What "slipway schedules apply" would change']],
  run: async (args, context) => {
    const { diffApplied } = await import('../apply-schedules.ts');
    return diffApplied(args, context);
  },
});
