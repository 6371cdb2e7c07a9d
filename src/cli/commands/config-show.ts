import { command } from '../command.ts';
import { CONFIG_FLAGS } from '../config-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const configShow = command({
  usage: 'show',
  summary: 'Show the settings of the agent that are in effect',
  places: {},
  flags: {
    origin: { type: 'boolean', default: false, describe: 'Say for each who set it: file and line, flag, variable' },
    ...OUTPUT_FLAG,
    ...CONFIG_FLAGS,
  },
  examples: [['$0 config show --origin', '']],
  run: async (args, context) => {
    const { showConfig } = await import('../show-config.ts');
    return showConfig(args, context);
  },
});
