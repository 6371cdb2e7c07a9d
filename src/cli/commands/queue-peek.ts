import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const queuePeek = command({
  usage: 'peek',
  summary: 'Show some messages without taking them; SQS counts it as a receive of each',
  places: {},
  flags: {
    limit: { type: 'number', default: 10, describe: 'At most so many', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 queue peek --limit 3', '']],
  run: async (args, context) => {
    const { peekQueue } = await import('../show-queue.ts');
    await peekQueue(args, context);
    return undefined;
  },
});
