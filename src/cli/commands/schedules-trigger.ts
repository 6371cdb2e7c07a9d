import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS, SCHEDULE_PLACE } from '../schedule-flags.ts';

export const schedulesTrigger = command({
  usage: 'trigger <schedule>',
  summary: 'Make a run now, as the schedule would; its own ticks come all the same',
  places: SCHEDULE_PLACE,
  flags: {
    tick: { type: 'string', describe: 'Tick values as of this moment (ISO 8601); now if left out', requiresArg: true },
    ...OUTPUT_FLAG,
    ...SCHEDULE_FLAGS,
  },
  examples: [
    ['$0 schedules trigger etl/nightly', 'With the parameters of a tick of now'],
    ['$0 schedules trigger etl/nightly --tick 2026-10-01T06:00:00Z', 'Of a tick that has been'],
  ],
  run: async (args, context) => {
    const { triggerSchedule } = await import('../trigger-schedule.ts');
    return triggerSchedule(args, context);
  },
});
