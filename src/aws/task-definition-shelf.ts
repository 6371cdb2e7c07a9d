import {
  DeregisterTaskDefinitionCommand,
  type ECSClient,
  paginateListTaskDefinitionFamilies,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';

/** The revisions that ECS keeps. */
export class TaskDefinitionShelf {
  readonly #ecs: ECSClient;

  constructor(ecs: ECSClient) {
    this.#ecs = ecs;
  }

  /** Active families whose name begins so. */
  async families(prefix: string): Promise<readonly string[]> {
    const families: string[] = [];
    const input = { familyPrefix: prefix, status: 'ACTIVE' as const };
    for await (const page of paginateListTaskDefinitionFamilies({ client: this.#ecs }, input)) {
      families.push(...(page.families ?? []));
    }
    return families;
  }

  /** ARNs of a family's active revisions, the newest first. */
  async revisions(family: string): Promise<readonly string[]> {
    const arns: string[] = [];
    const input = { familyPrefix: family, status: 'ACTIVE' as const, sort: 'DESC' as const };
    for await (const page of paginateListTaskDefinitions({ client: this.#ecs }, input)) {
      arns.push(...(page.taskDefinitionArns ?? []));
    }
    return arns;
  }

  /** No task can be started from it any more; those that run go on (API DeregisterTaskDefinition). */
  async deregister(arn: string): Promise<void> {
    await this.#ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
  }
}
