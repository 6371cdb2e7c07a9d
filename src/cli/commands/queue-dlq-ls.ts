import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const queueDlqLs = command({
  usage: 'ls',
  summary: 'Show the dead letters, each with why it was refused',
  places: {},
  flags: {
    limit: { type: 'number', default: 10, describe: 'At most so many', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 queue dlq ls -o json', 'With the whole bodies']],
  run: async (args, context) => {
    const { peekDeadLetters } = await import('../show-queue.ts');
    await peekDeadLetters(args, context);
    return undefined;
  },
});
