import type { DefinitionStore } from '../core/definition-store.ts';
import type { PlannedDefinition } from '../core/launch-plan.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Registration, TaskHost, Unlaunched } from '../core/task-host.ts';

export interface DefinitionDeps {
  readonly definitions: DefinitionStore;
  readonly host: TaskHost;
  readonly now: () => number;
}

export interface ResolvedDefinition {
  readonly taskDefinition: string;
  /** Whether this call made a new revision. */
  readonly isNew: boolean;
}

/**
 * The revision of a planned definition. Registers only content that nobody has registered: what is on record is kept in
 * memory, and launches that want the same new content at once wait for one registration.
 */
export class DefinitionRegistry {
  readonly #deps: DefinitionDeps;
  readonly #known = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<Result<ResolvedDefinition, Unlaunched>>>();

  constructor(deps: DefinitionDeps) {
    this.#deps = deps;
  }

  async resolve(definition: PlannedDefinition, stop: AbortSignal): Promise<Result<ResolvedDefinition, Unlaunched>> {
    if (definition.kind === 'named') return ok({ taskDefinition: definition.taskDefinition, isNew: false });
    const known = this.#known.get(definition.hash);
    if (known !== undefined) return ok({ taskDefinition: known, isNew: false });
    const first = this.#underWay.get(definition.hash);
    if (first !== undefined) {
      const result = await first;
      return result.ok ? ok({ ...result.value, isNew: false }) : result;
    }
    const mine = this.#findOrRegister(definition, stop).finally(() => this.#underWay.delete(definition.hash));
    this.#underWay.set(definition.hash, mine);
    return mine;
  }

  /** What this content was registered as is of no use any more: the next launch registers it again. */
  async forget(hash: string): Promise<void> {
    const taskDefinition = this.#known.get(hash) ?? (await this.#deps.definitions.find(hash))?.arn;
    this.#known.delete(hash);
    if (taskDefinition !== undefined) await this.#deps.definitions.forget(hash, taskDefinition);
  }

  /** A crash between the registration and its record costs one revision that nobody uses. */
  async #findOrRegister(definition: Registration, stop: AbortSignal): Promise<Result<ResolvedDefinition, Unlaunched>> {
    const { definitions, host, now } = this.#deps;
    const { hash, family } = definition;
    const recorded = await definitions.find(hash);
    if (recorded) return ok(this.#remember(hash, recorded.arn, false));
    const registered = await host.register(definition, stop);
    if (!registered.ok) return err(registered.error);
    const saved = await definitions.save({ hash, family, arn: registered.value, registeredAt: now() });
    return ok(this.#remember(hash, saved.arn, saved.arn === registered.value));
  }

  #remember(hash: string, taskDefinition: string, isNew: boolean): ResolvedDefinition {
    this.#known.set(hash, taskDefinition);
    return { taskDefinition, isNew };
  }
}
