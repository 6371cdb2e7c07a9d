import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { TICK_FLAGS } from '../schedule-flags.ts';

export const schedulesPreview = command({
  usage: 'preview <expression>',
  summary: 'Say in words and in moments what an expression means',
  places: {
    expression: { type: 'string', describe: 'cron, rate(…), at(…) or EventBridge cron(…)', demandOption: true },
  },
  flags: {
    timezone: { type: 'string', default: 'UTC', describe: 'IANA time zone', requiresArg: true },
    ...TICK_FLAGS,
    ...OUTPUT_FLAG,
  },
  examples: [
    ['$0 schedules preview "30 2 * * MON-FRI" --timezone Europe/Berlin', 'Before it is saved'],
    ['$0 schedules preview "cron(0 9 ? * 2-6 *)"', "EventBridge's words, translated"],
  ],
  run: async (args, context) => {
    const { previewExpression } = await import('../show-next-ticks.ts');
    return previewExpression(args, context);
  },
});
