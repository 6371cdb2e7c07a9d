import { command } from '../command.ts';
import { CONFIG_FLAGS } from '../config-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const configValidate = command({
  usage: 'validate',
  summary: 'Check agent.yaml, its templates, every flow, and an example launch of each, without calling ECS',
  places: {},
  flags: { ...OUTPUT_FLAG, ...CONFIG_FLAGS },
  examples: [
    ['$0 config validate', 'The agent.yaml of this folder, and all that belongs to it'],
    ['$0 config validate --config s3://acme-slipway/agent.yaml -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { validateConfig } = await import('../validate-config.ts');
    return validateConfig(args, context);
  },
});
