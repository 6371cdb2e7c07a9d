import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const setup = command({
  usage: 'setup',
  summary: 'Make the table, the queues with their dead-letter queues, and the bucket; safe to repeat',
  places: {},
  flags: {
    'dry-run': { type: 'boolean', default: false, describe: 'Only say what would be done' },
    queue: { type: 'string', describe: 'Name of a queue that has no URL yet', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 setup --config agent.yaml', 'What agent.yaml names'],
    ['$0 setup --table slipway --queue slipway --bucket s3://acme-slipway --dry-run', 'What would be made'],
  ],
  run: async (args, context) => {
    const { runSetUp } = await import('../run-set-up.ts');
    return runSetUp(args, context);
  },
});
