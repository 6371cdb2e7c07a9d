import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CliContext } from './cli-context.ts';
import { type Connection, connect, queueUrlOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';

export interface OpenedQueue {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly connection: Connection;
}

/** The queue of run requests that flags, variables and files mean. */
export async function openQueue(flags: ConnectionFlags, context: CliContext): Promise<OpenedQueue> {
  const connection = await connect(flags, context);
  const url = queueUrlOf(connection);
  const { createSqsClient } = await import('../aws/create-sqs-client.ts');
  return { sqs: createSqsClient(connection.aws), url, connection };
}
