import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const cost = command({
  usage: 'cost',
  summary: 'Estimate what runs have cost on Fargate, by flow or by day',
  places: {},
  flags: {
    by: { choices: ['flow', 'day'] as const, default: 'flow' as const, describe: 'What the sums are of' },
    flow: { type: 'string', describe: 'Only of this flow', requiresArg: true },
    since: {
      type: 'string',
      default: '7d',
      describe: 'Runs requested since: 30m, 1h, 7d, or a moment in ISO 8601',
      requiresArg: true,
    },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 cost', 'Of each flow, in the last seven days'],
    ['$0 cost --by day --since 30d', 'Day by day'],
    ['$0 cost --by flow -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { showCost } = await import('../show-cost.ts');
    return showCost(args, context);
  },
});
