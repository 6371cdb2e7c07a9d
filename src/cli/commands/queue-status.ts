import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const queueStatus = command({
  usage: 'status',
  summary: 'Show how much waits: in the queue, in its dead-letter queue, on record',
  places: {},
  flags: {
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 queue status --config agent.yaml', '']],
  run: async (args, context) => {
    const { showQueueStatus } = await import('../show-queue.ts');
    await showQueueStatus(args, context);
    return undefined;
  },
});
