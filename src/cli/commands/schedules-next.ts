import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS, SCHEDULE_PLACE, TICK_FLAGS } from '../schedule-flags.ts';

export const schedulesNext = command({
  usage: 'next <schedule>',
  summary: 'Print when a schedule is due next, in its own time zone and in UTC',
  places: SCHEDULE_PLACE,
  flags: { ...TICK_FLAGS, ...OUTPUT_FLAG, ...SCHEDULE_FLAGS },
  examples: [
    ['$0 schedules next etl/nightly', 'The next five'],
    ['$0 schedules next etl/nightly --from 2027-03-13T00:00:00Z -n 3', 'Over a change of the clocks'],
  ],
  run: async (args, context) => {
    const { showNextTicks } = await import('../show-next-ticks.ts');
    return showNextTicks(args, context);
  },
});
