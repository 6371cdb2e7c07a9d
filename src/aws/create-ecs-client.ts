import { ECSClient } from '@aws-sdk/client-ecs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

/** What ECS is called through. */
export interface EcsClients {
  readonly calls: ECSClient;
  /**
   * For RunTask: sends each call once. What an earlier try came to decides what the answer to the next one means, and the
   * SDK tells only of the last.
   */
  readonly launches: ECSClient;
}

export function createEcsClients(options: AwsClientOptions): EcsClients {
  return { calls: createEcsClient(options), launches: createLaunchClient(options) };
}

export function createEcsClient(options: AwsClientOptions): ECSClient {
  return watchCalls(new ECSClient(clientSettings(options)), options);
}

function createLaunchClient({ timing: _noRetries, ...options }: AwsClientOptions): ECSClient {
  return watchCalls(new ECSClient({ ...clientSettings(options), maxAttempts: 1 }), options);
}
