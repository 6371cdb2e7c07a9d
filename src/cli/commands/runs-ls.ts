import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const runsLs = command({
  usage: 'ls',
  summary: 'List runs, the newest first',
  places: {},
  flags: {
    flow: { type: 'string', describe: 'Only of this flow', requiresArg: true },
    status: { type: 'string', describe: 'Only with this status', requiresArg: true },
    since: {
      type: 'string',
      describe: 'Only requested since: 30m, 1h, 7d, or a moment in ISO 8601',
      requiresArg: true,
    },
    limit: { type: 'number', default: 20, describe: 'At most so many', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 runs ls --since 1h', 'Of the last hour'],
    ['$0 runs ls --flow etl --status FAILED -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { showRuns } = await import('../show-runs.ts');
    return showRuns(args, context);
  },
});
