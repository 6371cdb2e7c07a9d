import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { EcsStore } from '../state/ecs-store.ts';
import type { ContainerRecord, TaskRecord } from '../state/records.ts';
import { containerMetadata, taskMetadata } from './metadata-view.ts';

interface Known {
  readonly taskArn: string;
  readonly onAsked: () => void;
}

const PATH = /^\/v4\/([^/]+)(\/task|\/taskWithTags)?\/?$/;

/**
 * The task metadata endpoint, version 4, on a loopback port of its own. Every container has its own URI, which cannot be
 * guessed (Amazon ECS Developer Guide, `task-metadata-endpoint-v4-fargate`).
 */
export class MetadataEndpoint {
  readonly #store: EcsStore;
  readonly #known = new Map<string, Known>();
  #server: Server | undefined;
  #listening: Promise<unknown> | undefined;

  constructor(store: EcsStore) {
    this.#store = store;
  }

  /** Resolves when the endpoint can be asked; it is opened for the first task. */
  async listening(): Promise<void> {
    this.#listening ??= this.#open();
    await this.#listening;
  }

  /** The URI of a container, from now on answered; `onAsked` hears of each time. */
  add(runtimeId: string, taskArn: string, onAsked: () => void): string {
    this.#known.set(runtimeId, { taskArn, onAsked });
    return `http://127.0.0.1:${this.#port()}/v4/${runtimeId}`;
  }

  remove(runtimeId: string): void {
    this.#known.delete(runtimeId);
  }

  async close(): Promise<void> {
    await this.#listening;
    const server = this.#server;
    this.#server = undefined;
    if (!server?.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #open(): Promise<void> {
    const server = createServer((request, response) => {
      const answer = this.#answer(request.url ?? '');
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: `There is no task metadata at ${request.url}.` }));
    });
    this.#server = server;
    server.unref();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  #port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #answer(url: string): unknown {
    const [, runtimeId = '', rest] = PATH.exec(url.split('?')[0] ?? '') ?? [];
    const found = this.#find(runtimeId);
    const record = found && this.#store.definitionOf(found.task);
    if (!found || !record) return undefined;
    this.#known.get(runtimeId)?.onAsked();
    const about = { task: found.task, definition: record.definition, arns: this.#store.arns };
    if (rest === undefined) return containerMetadata(about, found.container);
    return { ...taskMetadata(about), ...(rest === '/taskWithTags' ? { TaskTags: tagsOf(found.task) } : {}) };
  }

  #find(runtimeId: string): { readonly task: TaskRecord; readonly container: ContainerRecord } | undefined {
    const task = this.#store.state.tasks.get(this.#known.get(runtimeId)?.taskArn ?? '');
    const container = task?.containers.find((candidate) => candidate.runtimeId === runtimeId);
    return task && container && { task, container };
  }
}

function tagsOf({ tags }: TaskRecord): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
