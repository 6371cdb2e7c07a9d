import type { CallError } from '../core/classify-launch.ts';
import { callErrorOf } from './call-error.ts';
import type { AwsClientOptions } from './client-options.ts';

/** One request to AWS and what came of it. */
export interface ObservedCall {
  /** `ECS`, `DynamoDB`, `SQS` … */
  readonly service: string;
  /** `RunTask`, `UpdateItem` … */
  readonly operation: string;
  /** What AWS, or the way to it, objected. */
  readonly error?: CallError;
}

/** The part of a client that middleware is added to; clients of the SDK differ in everything else. */
interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly clientName?: string; readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

/** Has the client tell of its calls. The low priority puts this inside the SDK's own retries: each try is told. */
export function watchCalls<Client extends Watchable>(client: Client, { onCall }: AwsClientOptions): Client {
  if (onCall === undefined) return client;
  client.middlewareStack.add(
    (next, { clientName = '', commandName = '' }) =>
      async (args) => {
        const names = { service: clientName.replace(/Client$/, ''), operation: commandName.replace(/Command$/, '') };
        try {
          const answer = await next(args);
          onCall(names);
          return answer;
        } catch (error) {
          onCall({ ...names, error: callErrorOf(error) });
          throw error;
        }
      },
    { step: 'finalizeRequest', priority: 'low', name: 'slipwayWatchCalls' },
  );
  return client;
}
