import { formatFault } from '../core/fault.ts';
import type { Clock } from '../service/clock.ts';
import type { Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import type { Workspace } from '../templates/workspace.ts';
import { settingsForRestart } from './fixed-settings.ts';

export interface KeeperOptions {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Pause between looks for changed files. */
  readonly everyMs: number;
}

/** The workspace that launches are made from. What is changed on disk or in S3 is read again; what is bad is not taken. */
export class WorkspaceKeeper implements Service {
  readonly name = 'reload';
  readonly #options: KeeperOptions;
  readonly #listeners: (() => void)[] = [];
  #current: Workspace;
  #complaint: string;
  #forRestart = '';

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#current = options.workspace;
    // What is wrong from the start is said by whoever has loaded the workspace.
    this.#complaint = options.workspace.flowFaults.map(formatFault).join('\n');
  }

  get current(): Workspace {
    return this.#current;
  }

  /** `listener` is told when another workspace has taken the place of the last one. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound, everyMs } = this.#options;
    await clock.sleep(everyMs, stop);
    await poll(
      { name: this.name, clock, stop, idleMs: everyMs, maxBackoffMs: 60_000, onTrouble, onRound },
      async () => {
        await this.reload();
        return 'idle';
      },
    );
  }

  /**
   * Reads what has changed. A bad agent.yaml or template leaves everything as it was, and says so once. Whoever has asked
   * for it is told of the outcome, whatever it is.
   */
  async reload(isAsked = false): Promise<void> {
    const { log } = this.#options;
    if (isAsked) this.#complaint = '';
    const next = await this.#current.reload();
    if (!next.ok) return this.#complain(next.error.map(formatFault));
    const changed = !sameSources(next.value.sources, this.#current.sources);
    this.#current = next.value;
    this.#complain(next.value.flowFaults.map(formatFault));
    for (const tell of this.#listeners) tell();
    if (changed) log.info('config.reloaded', { count: next.value.flows.size });
    else if (isAsked) log.info('config.unchanged', { count: next.value.flows.size });
    this.#tellRestart(isAsked);
  }

  /** Told when it comes about, and to whoever asks. */
  #tellRestart(isAsked: boolean): void {
    const { log, workspace } = this.#options;
    const ref = settingsForRestart(workspace.agent, this.#current.agent).join(', ');
    if (ref !== '' && (isAsked || ref !== this.#forRestart)) log.warn('config.needs-restart', { ref });
    this.#forRestart = ref;
  }

  /** The same faults are one story: told when they begin, and when they have ended. */
  #complain(faults: readonly string[]): void {
    const complaint = faults.join('\n');
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    for (const fault of faults) this.#options.log.error('config.rejected', { fault });
    if (faults.length === 0) this.#options.log.info('config.good-again');
  }
}

function sameSources(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([ref, etag]) => b.get(ref) === etag);
}
