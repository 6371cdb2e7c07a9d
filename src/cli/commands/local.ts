import type { Options } from 'yargs';
import { command } from '../command.ts';

/** Flags of what runs on this machine. */
export const LOCAL_FLAGS = {
  port: { type: 'number', describe: 'Port; the next free one from 4210 on otherwise', requiresArg: true },
  state: { type: 'string', describe: 'Folder for what is kept; .slipway/aws otherwise', requiresArg: true },
  ephemeral: { type: 'boolean', describe: 'Keep nothing', conflicts: 'state' },
} as const satisfies Record<string, Options>;

export const local = command({
  usage: 'local',
  summary: 'Run local AWS alone: SQS, DynamoDB, S3, ECS, CloudWatch Logs, Secrets Manager',
  places: {},
  flags: LOCAL_FLAGS,
  examples: [
    ['$0 local', 'State in .slipway/aws'],
    ['$0 local --port 4566 --ephemeral', 'Nothing is kept'],
  ],
  run: async (args, context) => {
    const { runLocal } = await import('../run-local.ts');
    return runLocal(args, context);
  },
});
