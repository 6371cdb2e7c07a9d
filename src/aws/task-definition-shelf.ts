import {
  DeregisterTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import { type CallPace, UNPACED } from '../core/call-pace.ts';
import type { DefinitionShelf } from '../core/definition-shelf.ts';

/** The revisions that ECS keeps, asked for at a pace. */
export class TaskDefinitionShelf implements DefinitionShelf {
  readonly #ecs: ECSClient;
  readonly #pace: CallPace;

  constructor(ecs: ECSClient, pace: CallPace = UNPACED) {
    this.#ecs = ecs;
    this.#pace = pace;
  }

  families(prefix: string, stop: AbortSignal): Promise<readonly string[]> {
    return this.#all(stop, async (page) => {
      const input = { familyPrefix: prefix, status: 'ACTIVE' as const, ...page };
      const { families, nextToken } = await this.#ecs.send(new ListTaskDefinitionFamiliesCommand(input), {
        abortSignal: stop,
      });
      return { found: families, nextToken };
    });
  }

  revisions(family: string, stop: AbortSignal): Promise<readonly string[]> {
    return this.#all(stop, async (page) => {
      const input = { familyPrefix: family, status: 'ACTIVE' as const, sort: 'DESC' as const, ...page };
      const { taskDefinitionArns, nextToken } = await this.#ecs.send(new ListTaskDefinitionsCommand(input), {
        abortSignal: stop,
      });
      return { found: taskDefinitionArns, nextToken };
    });
  }

  async deregister(arn: string, stop: AbortSignal): Promise<void> {
    await this.#pace.take('DeregisterTaskDefinition', stop);
    stop.throwIfAborted();
    await this.#ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }), { abortSignal: stop });
  }

  async #all(stop: AbortSignal, ask: (page: { nextToken?: string }) => Promise<Page>): Promise<readonly string[]> {
    const all: string[] = [];
    let nextToken: string | undefined;
    do {
      await this.#pace.take('ListTaskDefinitions', stop);
      stop.throwIfAborted();
      const page: Page = await ask(nextToken === undefined ? {} : { nextToken });
      all.push(...(page.found ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return all;
  }
}

interface Page {
  readonly found: string[] | undefined;
  readonly nextToken: string | undefined;
}
