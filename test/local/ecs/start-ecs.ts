import { ECSClient, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { createEcs, type EcsService } from '../../../src/local/ecs/create-ecs.ts';
import type { EcsOptions } from '../../../src/local/ecs/ecs-options.ts';
import { Faults } from '../../../src/local/faults.ts';
import { Front } from '../../../src/local/front.ts';
import { AccessGate } from '../../../src/local/iam/access-gate.ts';
import { TaskAccess } from '../../../src/local/iam/task-access.ts';
import type { LogsSink, SinkEvent } from '../../../src/local/logs/logs-sink.ts';
import { Routes } from '../../../src/local/routes.ts';
import { AwsError } from '../../../src/local/service.ts';
import { systemClock } from '../../../src/local/system-clock.ts';

/** Log groups in memory; streams are keyed `<group>:<stream>`. */
export class MemoryLogs implements LogsSink {
  readonly groups = new Set<string>();
  readonly streams = new Map<string, SinkEvent[]>();

  put(group: string, stream: string, events: readonly SinkEvent[]): void {
    if (!this.groups.has(group))
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    const key = `${group}:${stream}`;
    this.streams.set(key, [...(this.streams.get(key) ?? []), ...events]);
  }

  createGroup(group: string): void {
    this.groups.add(group);
  }

  hasGroup(group: string): boolean {
    return this.groups.has(group);
  }

  messages(key: string): string[] {
    return (this.streams.get(key) ?? []).map(({ message }) => message);
  }
}

export interface StartedEcs {
  readonly endpoint: string;
  readonly client: ECSClient;
  readonly ecs: EcsService;
  readonly faults: Faults;
  readonly logs: MemoryLogs;
  /** Bodies that were sent to the events queue, oldest first. */
  readonly events: string[];
  stop(): Promise<void>;
}

/** Starts local ECS alone behind the front, with sinks that a test can look into. */
export async function startEcs(
  options: Partial<EcsOptions> & { readonly secretValues?: Record<string, string> } = {},
): Promise<StartedEcs> {
  const logs = new MemoryLogs();
  const events: string[] = [];
  const faults = new Faults();
  const clock = options.clock ?? systemClock;
  const access = new AccessGate(undefined, { region: 'us-east-1', accountId: '000000000000' }, clock);
  const front = new Front({ faults, clock, access });
  const endpoint = `http://127.0.0.1:${await front.listen('127.0.0.1', 0)}`;
  const ecs = createEcs({
    stateDir: undefined,
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    logs,
    queues: { send: (_queue, body) => void events.push(body) },
    secrets: { read: (valueFrom) => options.secretValues?.[valueFrom] },
    access: new TaskAccess(access),
    endpointUrl: () => endpoint,
    images: {},
    ...options,
  });
  front.serve(new Routes({ services: [ecs], accountId: '000000000000' }));
  const client = clientOf(endpoint);
  const stop = async () => {
    client.destroy();
    await ecs.close();
    await front.close();
  };
  return { endpoint, client, ecs, faults, logs, events, stop };
}

export function clientOf(endpoint: string): ECSClient {
  return new ECSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** What every Fargate task needs besides its definition. */
export const ON_FARGATE = {
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
} as const satisfies Partial<RunTaskCommandInput>;
