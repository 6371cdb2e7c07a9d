import { command } from '../command.ts';
import { SCHEMA_NAMES } from '../schema-names.ts';

export const configSchema = command({
  usage: 'schema [name]',
  summary: 'Print the JSON Schema (draft-07) of a file, for editors',
  places: { name: { choices: SCHEMA_NAMES, describe: 'Which file; with --out all of them if left out' } },
  flags: { out: { type: 'string', describe: 'Write into this folder instead', requiresArg: true } },
  examples: [
    ['$0 config schema flow', ''],
    ['$0 config schema --out .slipway/schema', 'For "# yaml-language-server: $schema=…" lines'],
  ],
  run: async (args, context) => {
    const { showSchema } = await import('../show-schema.ts');
    return showSchema(args, context);
  },
});
