import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS, SCHEDULE_PLACE } from '../schedule-flags.ts';

export const schedulesResume = command({
  usage: 'resume <schedule>',
  summary: 'Let a paused schedule go on; ticks of the pause are not caught up',
  places: SCHEDULE_PLACE,
  flags: { ...OUTPUT_FLAG, ...SCHEDULE_FLAGS },
  examples: [['$0 schedules resume etl/nightly', '']],
  run: async (args, context) => {
    const { resumeOne } = await import('../pause-schedules.ts');
    return resumeOne(args, context);
  },
});
