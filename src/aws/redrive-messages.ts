import { GetQueueAttributesCommand, type SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { findDeadLetterQueue } from './dead-letter-queue.ts';

/**
 * Has SQS move the dead letters of a queue back to it (API StartMessageMoveTask: in the background, up to 500 a second).
 * Without a destination they would go to the queue they came from, and those that an agent has buried came from none.
 * Resolves to their number, about; undefined if the queue has no dead-letter queue.
 */
export async function redriveMessages(sqs: SQSClient, queueUrl: string): Promise<number | undefined> {
  const dead = await findDeadLetterQueue(sqs, queueUrl);
  if (dead === undefined) return undefined;
  const { Attributes: own = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  const count = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  if (count > 0) {
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn, DestinationArn: own.QueueArn }));
  }
  return count;
}
