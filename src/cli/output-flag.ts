import type { Options } from 'yargs';

/** `-o` of reading commands. */
export const OUTPUT_FLAG = {
  output: {
    alias: 'o',
    choices: ['table', 'json'],
    default: 'table',
    describe: 'For people, or for programs',
  },
} as const satisfies Record<string, Options>;
