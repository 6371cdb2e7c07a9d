import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const trace = command({
  usage: 'trace <run>',
  summary: "Show a run's moves, ECS's timestamps and its output on one clock",
  places: RUN_PLACE,
  flags: {
    attempt: { type: 'number', describe: 'Only this attempt' },
    output: OUTPUT_FLAG.output,
    lines: { type: 'boolean', default: true, describe: "The container's output too; --no-lines for none" },
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 trace @last', 'Where the time went'],
    ['$0 trace 7QK3XM --no-lines', 'Only our moves and those of ECS'],
    ['$0 trace 7QK3XM -o json', 'An object a line'],
  ],
  run: async (args, context) => {
    const { showTrace } = await import('../show-trace.ts');
    return showTrace(args, context);
  },
});
