import { command } from '../command.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';
import { INCLUDE_FLAG } from './flows-build.ts';
import { SETTINGS_FLAG } from './flows-publish.ts';

export const flowsValidate = command({
  usage: 'validate <file>',
  summary: 'Check a flow of steps as publish would, without calling AWS',
  places: {
    file: { type: 'string', describe: "The flow's module, or an artifact (.zip)", demandOption: true },
  },
  flags: { ...SETTINGS_FLAG, ...INCLUDE_FLAG, ...OUTPUT_FLAG },
  examples: [
    ['$0 flows validate src/etl.ts', 'That it can be built, and its graph'],
    ['$0 flows validate src/etl.ts --settings src/etl.settings.yaml -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { validateFlow } = await import('../flows/validate-flow.ts');
    return validateFlow(args, context);
  },
});
