import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const flowsLs = command({
  usage: 'ls',
  summary: 'List flows: those of YAML files, and those that are published',
  places: {},
  flags: {
    flow: { type: 'string', describe: 'All versions of this one', requiresArg: true },
    all: { type: 'boolean', default: false, describe: 'All versions, not only what latest means' },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 flows ls', 'What can be run by its name'],
    ['$0 flows ls --flow etl -o json', 'Every version of one flow, for programs'],
  ],
  run: async (args, context) => {
    const { listFlows } = await import('../flows/list-flows.ts');
    return listFlows(args, context);
  },
});
