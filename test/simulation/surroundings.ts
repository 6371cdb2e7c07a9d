import type { Task } from '@aws-sdk/client-ecs';
import type { FileStore } from '../../src/core/file-store.ts';
import type { EventQueue } from './event-queue.ts';
import type { History } from './history.ts';
import type { Mutant } from './mutant.ts';
import type { Process } from './process.ts';
import type { EcsService } from './services/ecs-service.ts';
import type { QueueService } from './services/queue-service.ts';
import type { TableService } from './services/table-service.ts';
import { atOnce, type Wire } from './wire.ts';

/** What every process of a world lives in. */
export interface Surroundings {
  readonly seed: number;
  readonly queue: EventQueue;
  readonly history: History;
  readonly wire: Wire;
  readonly requests: QueueService;
  /** ECS's events, for agents that listen to them. */
  readonly events: QueueService;
  /** By task: what the event that came last says of it. */
  readonly told: ReadonlyMap<string, Task>;
  readonly table: TableService;
  readonly ecs: EcsService;
  readonly files: Map<string, Uint8Array>;
  readonly mutant: Mutant;
}

/** What a process holds of S3. */
export function fileStoreOf({ wire, files }: Surroundings, process: Process): FileStore {
  const call = { service: 's3', stop: undefined } as const;
  return {
    put: (uri, body, { ifAbsent = false } = {}) => {
      const put = (): void => {
        if (!ifAbsent || !files.has(uri)) files.set(uri, typeof body === 'string' ? Buffer.from(body) : body);
      };
      return wire.send(process, { ...call, name: 'Put', execute: atOnce(put) });
    },
    get: (uri) => wire.send(process, { ...call, name: 'Get', isRead: true, execute: atOnce(() => files.get(uri)) }),
  };
}
