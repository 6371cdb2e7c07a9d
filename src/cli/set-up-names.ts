import type { SetUpNames } from '../aws/set-up.ts';
import { queueNameOf } from '../aws/set-up-queue.ts';
import type { AgentConfig } from '../templates/agent-config.ts';
import { EXIT } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** What there is to set up for an agent; a queue that has no URL yet is named by `queue`. */
export function setUpNames({ table, queues, bucket }: AgentConfig, queue: string | undefined): SetUpNames {
  const names = queue === undefined ? queues.map(({ url }) => queueNameOf(url)) : [queue];
  if (table === undefined && names.length === 0 && bucket === undefined) {
    throw new UserError('there is nothing to set up: no table, queue or bucket is named', {
      exitCode: EXIT.config,
      next: 'slipway setup --table slipway --queue slipway --bucket s3://my-slipway-files   or give --config agent.yaml',
    });
  }
  return {
    queues: [...new Set(names)],
    ...(table === undefined ? {} : { table }),
    ...(bucket === undefined ? {} : { bucket }),
  };
}
