import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface DeadLetterQueue {
  readonly url: string;
  readonly arn: string;
}

/** The dead-letter queue of a queue, by its redrive policy; undefined if it has none. */
export async function findDeadLetterQueue(sqs: SQSClient, queueUrl: string): Promise<DeadLetterQueue | undefined> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const arn = /"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(Attributes?.RedrivePolicy ?? '')?.[1];
  if (arn === undefined) return undefined;
  const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }));
  return url === undefined ? undefined : { url, arn };
}
