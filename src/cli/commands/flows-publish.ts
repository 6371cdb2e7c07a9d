import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { INCLUDE_FLAG } from './flows-build.ts';

export const SETTINGS_FLAG = {
  settings: {
    type: 'string',
    describe: "How to run it: a YAML file with keys of a flow's file, such as runConfig, retries, timeouts",
    requiresArg: true,
  },
} as const;

export const flowsPublish = command({
  usage: 'publish <file>',
  summary: 'Put a flow into the bucket and on record, so that every agent can run it',
  places: {
    file: { type: 'string', describe: "An artifact (.zip), or a flow's module to build now", demandOption: true },
  },
  flags: {
    ...SETTINGS_FLAG,
    ...INCLUDE_FLAG,
    replace: { type: 'boolean', default: false, describe: 'Change what a published version means for runs to come' },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 flows publish etl-1.0.0.zip', 'What was built before'],
    ['$0 flows publish src/etl.ts --settings src/etl.settings.yaml', 'Build it now; with its own cpu, retries …'],
  ],
  run: async (args, context) => {
    const { publishFlow } = await import('../flows/publish-flow.ts');
    return publishFlow(args, context);
  },
});
