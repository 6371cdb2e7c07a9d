import type { AgentPresence } from '../../core/fleet.ts';
import { type FlowRun, isFinished } from '../../core/run.ts';
import { type SinkShares, shareSinks } from '../../core/share-sinks.ts';
import { type NotifySink, nameOfSink } from '../../templates/notify-shape.ts';
import { mayTell } from '../../templates/sinks-of-run.ts';
import type { Workspace } from '../../templates/workspace.ts';

export interface TellingOptions {
  readonly workspace: () => Workspace;
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Which sinks this agent tells, and which only other agents know: agents of one table may differ in their `notify`. Nobody
 * tells anybody before the others have been looked at.
 */
export class Telling {
  readonly #options: TellingOptions;
  #shares: SinkShares = { mine: new Set(), foreign: new Set() };

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** To be called whenever the agents of the table have been read. */
  look(agents: readonly AgentPresence[], isAlive: (instance: string) => boolean): void {
    const { instance, now } = this.#options;
    this.#shares = shareSinks(agents, { instance, sinks: this.#own.map(nameOfSink) }, isAlive, now());
  }

  /** The sinks that are this agent's to tell now. */
  get mine(): readonly NotifySink[] {
    return this.#own.filter((sink) => this.#shares.mine.has(nameOfSink(sink)));
  }

  /** Names of sinks that only others know. */
  get foreign(): ReadonlySet<string> {
    return this.#shares.foreign;
  }

  /**
   * Whether somebody may have to be told of the run: decided in the write that ends it, without a look at anything else. A
   * flow without a file may have been published with rules of its own, and others' rules are not known here.
   */
  isWanted(run: FlowRun): boolean {
    if (!isFinished(run)) return false;
    if (this.#shares.foreign.size > 0) return true;
    const workspace = this.#options.workspace();
    const mayBePublished = this.#own.length > 0 && run.intent !== undefined && !workspace.flows.has(run.request.flow);
    return mayBePublished || mayTell(workspace, run);
  }

  get #own(): readonly NotifySink[] {
    return this.#options.workspace().agent.notify;
  }
}
