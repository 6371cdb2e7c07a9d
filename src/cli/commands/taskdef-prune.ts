import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const taskdefPrune = command({
  usage: 'prune',
  summary: 'Deregister old revisions of our task definitions; never one that a run in flight uses',
  places: {},
  flags: {
    keep: { type: 'number', default: 5, describe: 'So many of each family stay, the newest', requiresArg: true },
    prefix: { type: 'string', describe: 'Of the families; as agent.yaml has it if left out', requiresArg: true },
    'dry-run': { type: 'boolean', default: false, describe: 'Only say what would be done' },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [['$0 taskdef prune --keep 3 --dry-run', 'What would go']],
  run: async (args, context) => {
    const { pruneDefinitions } = await import('../prune-definitions.ts');
    await pruneDefinitions(args, context);
    return undefined;
  },
});
