import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';

export const flowsGraph = command({
  usage: 'graph <flow>',
  summary: "Draw a flow's steps and what they wait for",
  places: {
    flow: {
      type: 'string',
      describe: "A flow's module, an artifact, or name[@version] of a published one",
      demandOption: true,
    },
  },
  flags: {
    output: {
      alias: 'o',
      choices: ['text', 'mermaid', 'dot', 'json'],
      default: 'text',
      describe: 'For people, Mermaid, Graphviz, or programs',
    },
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 flows graph src/etl.ts', 'Before it is published'],
    ['$0 flows graph etl@1.4.0 -o dot | dot -Tsvg > etl.svg', 'As a picture'],
  ],
  run: async (args, context) => {
    const [{ graphFlow }, { GRAPH_FORMATS }] = await Promise.all([
      import('../flows/graph-flow.ts'),
      import('../flows/draw-graph.ts'),
    ]);
    const output = GRAPH_FORMATS.find((format) => format === args.output) ?? 'text';
    return graphFlow({ ...args, output }, context);
  },
});
