import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS, SCHEDULE_PLACE } from '../schedule-flags.ts';

export const schedulesPause = command({
  usage: 'pause <schedule>',
  summary: 'Stop a schedule from making runs; who and why stay on record',
  places: SCHEDULE_PLACE,
  flags: {
    reason: { type: 'string', describe: 'Why, for the record', requiresArg: true },
    ...OUTPUT_FLAG,
    ...SCHEDULE_FLAGS,
  },
  examples: [['$0 schedules pause etl/nightly --reason "source is down"', 'Until it is resumed']],
  run: async (args, context) => {
    const { pauseOne } = await import('../pause-schedules.ts');
    return pauseOne(args, context);
  },
});
