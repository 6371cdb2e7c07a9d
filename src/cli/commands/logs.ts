import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const logs = command({
  usage: 'logs <run>',
  summary: 'Show the output of a run',
  places: RUN_PLACE,
  flags: {
    follow: { alias: 'f', type: 'boolean', default: false, describe: 'Go on until the run has ended' },
    attempt: { type: 'number', describe: 'Of this attempt; the last one otherwise', requiresArg: true },
    timestamps: { type: 'boolean', default: true, describe: 'Times in front; --no-timestamps for none' },
    raw: { type: 'boolean', default: false, describe: 'Lines as they were written, JSON as JSON' },
    last: { type: 'number', describe: 'Only the last so many lines', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 logs -f @last', 'Follow the newest run'],
    ['$0 logs 7QK3XM --last 50 --raw', 'The end of it, as it was written'],
  ],
  run: async (args, context) => {
    const { showLogs } = await import('../show-logs.ts');
    return showLogs(args, context);
  },
});
