import type { Options, PositionalOptions } from 'yargs';
import { CONNECTION_FLAGS } from './connection-flags.ts';

/** Flags of commands that read the schedules of the flows and their record. */
export const SCHEDULE_FLAGS = {
  flows: { type: 'string', describe: 'Folder or s3:// prefix of the flows (SLIPWAY_FLOWS)', group: 'Which AWS:' },
  ...CONNECTION_FLAGS,
} as const satisfies Record<string, Options>;

/** Which schedule is meant. */
export const SCHEDULE_PLACE = {
  schedule: {
    type: 'string',
    describe: '<flow>/<name>; a flow or a name that only one schedule has is enough',
    demandOption: true,
  },
} as const satisfies Record<string, PositionalOptions>;

/** Which ticks are shown. */
export const TICK_FLAGS = {
  count: { type: 'number', alias: 'n', default: 5, describe: 'So many', requiresArg: true },
  from: { type: 'string', describe: 'Later than this moment (ISO 8601); now if left out', requiresArg: true },
} as const satisfies Record<string, Options>;
