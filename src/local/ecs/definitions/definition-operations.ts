import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { definitionReference } from '../arns.ts';
import { clientError, invalidParameter } from '../ecs-errors.ts';
import { parseInput } from '../parse-input.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import type { DefinitionRecord } from '../state/records.ts';
import { checkTags } from '../tags/check-tags.ts';
import { checkDefinition } from './check-definition.ts';
import { registerTaskDefinitionShape } from './definition-shape.ts';
import { definitionView } from './definition-view.ts';
import { compatibilitiesOf, normaliseDefinition } from './normalise-definition.ts';

const MAX_DELETED_AT_ONCE = 10;

const oneDefinition = z.object({ taskDefinition: z.string().default(''), include: z.array(z.string()).default([]) });
const severalDefinitions = z.object({ taskDefinitions: z.array(z.string()).default([]) });

export type Delay = (ms: number) => Promise<void>;

/** RegisterTaskDefinition and the operations on what it made. */
export class DefinitionOperations {
  readonly #store: EcsStore;
  readonly #registeringMs: number;
  readonly #delay: Delay;
  readonly #registering = new Set<string>();

  constructor(store: EcsStore, registeringMs: number, delay: Delay) {
    this.#store = store;
    this.#registeringMs = registeringMs;
    this.#delay = delay;
  }

  /** Makes a new revision with every call: there is no token, and equal content is not noticed. */
  async register(input: unknown): Promise<unknown> {
    const { tags, ...definition } = parseInput(registerTaskDefinitionShape, input);
    checkDefinition(definition, Buffer.byteLength(JSON.stringify(input)));
    checkTags(tags);
    await this.#aloneInFamily(definition.family);
    const normal = normaliseDefinition(definition);
    const revision = (this.#store.state.families.get(definition.family)?.latest ?? 0) + 1;
    const record: DefinitionRecord = {
      family: definition.family,
      revision,
      status: 'ACTIVE',
      definition: normal,
      compatibilities: compatibilitiesOf(normal),
      tags,
      registeredAt: this.#store.now(),
    };
    this.#store.change(
      { kind: 'family', family: record.family, latest: revision },
      { kind: 'definition', definition: record },
    );
    return { taskDefinition: this.#view(record), tags };
  }

  /** The definition becomes INACTIVE: nothing new runs with it, what runs goes on. */
  deregister(input: unknown): unknown {
    const { taskDefinition } = parseInput(oneDefinition, input);
    const reference = definitionReference(taskDefinition);
    if (reference && reference.revision === undefined) throw clientError('TaskDefinition revision is required.');
    const found = this.#require(taskDefinition, 'The specified task definition does not exist.');
    if (found.status === 'DELETE_IN_PROGRESS') throw clientError('The specified task definition is being deleted.');
    const record: DefinitionRecord = {
      ...found,
      status: 'INACTIVE',
      deregisteredAt: found.deregisteredAt ?? this.#store.now(),
    };
    this.#store.change({ kind: 'definition', definition: record });
    return { taskDefinition: this.#view(record) };
  }

  describe(input: unknown): unknown {
    const { taskDefinition, include } = parseInput(oneDefinition, input);
    const record = this.#require(taskDefinition, 'Unable to describe task definition.');
    return { taskDefinition: this.#view(record), ...(include.includes('TAGS') ? { tags: record.tags } : {}) };
  }

  /** Definitions must be INACTIVE; one that tasks still use stays DELETE_IN_PROGRESS until they are gone. */
  delete(input: unknown): unknown {
    const { taskDefinitions } = parseInput(severalDefinitions, input);
    if (taskDefinitions.length === 0) throw invalidParameter('Task definitions cannot be empty.');
    if (taskDefinitions.length > MAX_DELETED_AT_ONCE) {
      throw invalidParameter(`At most ${MAX_DELETED_AT_ONCE} task definitions can be deleted in one call.`);
    }
    const answers = taskDefinitions.map((reference) => this.#deleteOne(reference));
    return {
      taskDefinitions: answers.flatMap(({ deleted }) => deleted),
      failures: answers.flatMap(({ failed }) => failed),
    };
  }

  #deleteOne(reference: string): { readonly deleted: unknown[]; readonly failed: unknown[] } {
    const found = this.#store.findDefinition(reference);
    if (!found)
      return {
        deleted: [],
        failed: [
          {
            arn: reference,
            reason: 'MISSING',
            detail:
              'The specified task definition does not exist. Specify a valid account, family, revision and try again.',
          },
        ],
      };
    if (found.status === 'ACTIVE') {
      const arn = this.#store.arns.definition(found.family, found.revision);
      return {
        deleted: [],
        failed: [
          {
            arn,
            reason: 'ACTIVE',
            detail:
              'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
          },
        ],
      };
    }
    const deleting: DefinitionRecord = { ...found, status: 'DELETE_IN_PROGRESS', deleteRequestedAt: this.#store.now() };
    this.#store.change(
      this.#store.isUsed(found)
        ? { kind: 'definition', definition: deleting }
        : { kind: 'definition-removed', family: found.family, revision: found.revision },
    );
    return { deleted: [this.#view(deleting)], failed: [] };
  }

  #require(reference: string, message: string): DefinitionRecord {
    if (reference === '') throw clientError('TaskDefinition should not be null or empty.');
    const found = this.#store.findDefinition(reference);
    if (!found) throw clientError(message);
    return found;
  }

  #view(record: DefinitionRecord): unknown {
    return definitionView(record, this.#store.arns);
  }

  /** While one registration of a family is under way, another one is refused, as ECS does. */
  async #aloneInFamily(family: string): Promise<void> {
    if (this.#registeringMs === 0) return;
    if (this.#registering.has(family)) {
      throw new AwsError(
        'ClientException',
        'Too many concurrent attempts to create a new revision of the specified family.',
      );
    }
    this.#registering.add(family);
    try {
      await this.#delay(this.#registeringMs);
    } finally {
      this.#registering.delete(family);
    }
  }
}
