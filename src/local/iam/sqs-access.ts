import { type Input, optionalText } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import { type Account, arnIn } from './account.ts';

/** What moving messages needs on the queue that they come from (API StartMessageMoveTask). */
const OF_MOVE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** What a call of SQS asks for; a batch asks for the single action (Service Authorization Reference, Amazon SQS). */
export function sqsAccess(operation: string, input: Input, account: Account): readonly AccessRequest[] {
  const action = operation.replace(/^(.*Message(?:Visibility)?)Batch$/, '$1');
  const source = optionalText(input, 'SourceArn');
  if (operation === 'StartMessageMoveTask' && source !== undefined) {
    return OF_MOVE.map((name) => ({ action: `sqs:${name}`, resource: source }));
  }
  const queue = optionalText(input, 'QueueUrl')?.split('/').at(-1) ?? optionalText(input, 'QueueName');
  return [{ action: `sqs:${action}`, resource: queue === undefined ? (source ?? '*') : arnIn(account, 'sqs', queue) }];
}
