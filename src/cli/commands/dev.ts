import { command } from '../command.ts';
import { LOCAL_FLAGS } from './local.ts';

export const dev = command({
  usage: 'dev',
  summary: 'Run everything on this machine: local AWS, its set-up, and an agent; no AWS account',
  places: {},
  flags: {
    ...LOCAL_FLAGS,
    config: { type: 'string', describe: 'agent.yaml; ./agent.yaml, ./config/agent.yaml or the examples otherwise' },
    flows: { type: 'string', describe: 'Folder of flows' },
    once: { type: 'string', describe: 'Run this flow, then end with its exit code', requiresArg: true },
    param: { alias: 'p', type: 'array', string: true, describe: 'With --once: a parameter, key=value or @file.json' },
  },
  examples: [
    ['$0 dev', 'Start, then "slipway run hello -p name=Ada --watch" in another shell'],
    ['$0 dev --flows ./flows --ephemeral', 'Your own flows; nothing is kept'],
    ['$0 dev --once hello -p name=Ada', 'One run, for CI'],
  ],
  run: async (args, context) => {
    const { startDev } = await import('../start-dev.ts');
    return startDev(args, context);
  },
});
