import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { SCHEDULE_FLAGS } from '../schedule-flags.ts';

export const backfill = command({
  usage: 'backfill <flow>',
  summary: 'Make the runs of a stretch of time; tells their number, time and cost first',
  places: { flow: { type: 'string', describe: 'Name of the flow', demandOption: true } },
  flags: {
    from: { type: 'string', describe: 'First day or moment', demandOption: true, requiresArg: true },
    to: { type: 'string', describe: 'First day or moment that is left out', demandOption: true, requiresArg: true },
    every: { type: 'string', describe: 'A run every so often (1d, 6h) instead of at the ticks', requiresArg: true },
    schedule: { type: 'string', describe: 'Which schedule, if the flow has several', requiresArg: true },
    'max-parallel': { type: 'number', default: 4, describe: 'Runs at once', requiresArg: true },
    label: { type: 'string', describe: 'Another label runs the same ticks again', requiresArg: true },
    'dry-run': { type: 'boolean', default: false, describe: 'Only say what it would take' },
    ...OUTPUT_FLAG,
    ...SCHEDULE_FLAGS,
  },
  examples: [
    ['$0 backfill etl --from 2026-10-01 --to 2026-11-01 --dry-run', 'What October would take'],
    ['$0 backfill etl --from 2026-10-01 --to 2026-11-01 --max-parallel 8', 'Begun again, it goes on where it was'],
  ],
  run: async (args, context) => {
    const { startBackfill } = await import('../start-backfill.ts');
    return startBackfill(args, context);
  },
});
