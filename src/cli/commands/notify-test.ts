import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

const { config, region, 'endpoint-url': endpointUrl } = CONNECTION_FLAGS;

export const notifyTest = command({
  usage: 'test [sink]',
  summary: 'Send a test notice to the sinks of agent.yaml, or to one of them, from this machine',
  places: { sink: { type: 'string', describe: 'A sink: its name, or slack, webhook, sns, command if it has none' } },
  flags: { ...OUTPUT_FLAG, config, region, 'endpoint-url': endpointUrl },
  examples: [
    ['$0 notify test', 'All sinks'],
    ['$0 notify test slack', 'One of them'],
  ],
  run: async (args, context) => {
    const { testNotify } = await import('../test-notify.ts');
    return testNotify(args, context);
  },
});
