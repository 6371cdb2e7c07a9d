import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const queueDlqRedrive = command({
  usage: 'redrive',
  summary: 'Send the dead letters to the queue once more',
  places: {},
  flags: {
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 queue dlq redrive', 'After what they were refused for is mended']],
  run: async (args, context) => {
    const { redriveDeadLetters } = await import('../show-queue.ts');
    await redriveDeadLetters(args, context);
    return undefined;
  },
});
