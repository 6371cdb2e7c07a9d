import { command } from '../command.ts';

export const INCLUDE_FLAG = {
  include: {
    type: 'array',
    string: true,
    describe: "File or folder beside the flow's module that its code reads; may be repeated",
    requiresArg: true,
  },
} as const;

export const flowsBuild = command({
  usage: 'build <file>',
  summary: 'Bundle a flow of steps into an artifact, the same bytes for the same sources',
  places: {
    file: { type: 'string', describe: "The flow's module: .ts, .mts, .mjs or .js", demandOption: true },
  },
  flags: {
    output: { alias: 'o', type: 'string', describe: 'The artifact; <flow>-<version>.zip otherwise', requiresArg: true },
    ...INCLUDE_FLAG,
    json: { type: 'boolean', default: false, describe: 'Tell of the artifact as JSON' },
  },
  examples: [
    ['$0 flows build src/etl.ts', 'Writes etl-1.0.0.zip'],
    ['$0 flows build src/etl.ts --include src/data -o artifact.zip', 'With files that its code reads'],
  ],
  run: async ({ output, ...args }, context) => {
    const { buildFlow } = await import('../flows/build-flow.ts');
    return buildFlow({ ...args, out: output }, context);
  },
});
