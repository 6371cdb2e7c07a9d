import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const run = command({
  usage: 'run <flow>',
  summary: 'Ask for a run of a flow, through the queue',
  places: { flow: { type: 'string', describe: 'Name of the flow', demandOption: true } },
  flags: {
    param: {
      alias: 'p',
      type: 'array',
      string: true,
      describe: 'Parameter: key=value (JSON where it is JSON) or @file.json; may be repeated',
    },
    watch: { alias: 'w', type: 'boolean', default: false, describe: "Follow it to its end; exit with the run's code" },
    'flow-version': { type: 'string', describe: 'Another version than the latest', requiresArg: true },
    environment: { type: 'string', describe: "One of the agent's environments", requiresArg: true },
    profile: { type: 'string', describe: 'Size: small, medium, large …', requiresArg: true },
    label: { alias: 'l', type: 'array', string: true, describe: 'Label that the agent must have; may be repeated' },
    'run-id': { type: 'string', describe: 'An id of your own', requiresArg: true },
    'idempotency-key': { type: 'string', describe: 'The same key makes the same run', requiresArg: true },
    priority: { type: 'number', describe: '-1000 to 1000; the higher the sooner', requiresArg: true },
    ...OUTPUT_FLAG,
    ...CONNECTION_FLAGS,
  },
  examples: [
    ['$0 run hello -p name=Ada --watch', 'Run and follow'],
    ['$0 run etl -p @params.json -p date=2026-10-01 --profile large', 'A pair says more than a file before it'],
    ['ID=$($0 run etl)', 'stdout is the run id where it is no terminal'],
  ],
  run: async (args, context) => {
    const { startRun } = await import('../start-run.ts');
    return startRun(args, context);
  },
});
