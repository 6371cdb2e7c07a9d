import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { RUN_PLACE } from './runs-get.ts';

export const why = command({
  usage: 'why <run>',
  summary: 'Say why a run waits, or why it ended, and what would change it',
  places: RUN_PLACE,
  flags: { ...OUTPUT_FLAG, ...CONNECTION_FLAGS },
  examples: [
    ['$0 why @last', 'What the newest run waits for, or how it ended'],
    ['$0 why 7QK3XM -o json', 'The same for a program'],
  ],
  run: async (args, context) => {
    const { showWhy } = await import('../show-why.ts');
    return showWhy(args, context);
  },
});
