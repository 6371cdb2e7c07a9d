import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { parseStartedBy } from '../../src/core/run-identity.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import { type AttemptOfTask, type ClaimOutcome, claimAttempt } from '../../src/worker/claim-attempt.ts';
import { type Ending, failed } from '../../src/worker/ending.ts';
import { MISCONFIGURED, UNAVAILABLE } from '../../src/worker/exit-codes.ts';
import { recordEnd } from '../../src/worker/record-end.ts';
import { Process } from './process.ts';
import { Random } from './random.ts';
import { TABLE, tableClient } from './services/table-client.ts';
import type { Container, SimulatedTask } from './services/task.ts';
import type { Surroundings } from './surroundings.ts';

const SIGTERM_EXIT = 143;

/** A container of a worker flow: the worker's own claim and final record, around user code that only takes time. */
export class WorkerProcess implements Container {
  readonly process: Process;
  readonly #surroundings: Surroundings;
  readonly #task: SimulatedTask;
  readonly #own: AttemptOfTask;
  readonly #store: RunStore;
  readonly #stop = createStop();
  #isExecuting = false;

  constructor(surroundings: Surroundings, task: SimulatedTask, onExit: (exitCode: number) => void) {
    const { queue, seed, wire, table } = surroundings;
    const { startedBy, taskArn } = task.facts;
    this.#surroundings = surroundings;
    this.#task = task;
    this.#own = { ...(parseStartedBy(startedBy) ?? { runId: startedBy, attempt: 0 }), taskArn };
    const name = `worker ${this.#own.runId}/${this.#own.attempt}`;
    const skewMs = new Random(seed, 'skew', taskArn).between(-120_000, 120_000);
    this.process = new Process(queue, { name, skewMs, seed });
    this.#store = new DynamoRunStore(tableClient(wire, this.process, table), TABLE);
    void this.#run().then((exitCode) => {
      this.process.kill();
      onExit(exitCode);
    });
  }

  terminate(): void {
    this.#stop.abort();
  }

  kill(): void {
    this.process.kill();
    if (this.#isExecuting) this.#endExecution(false);
  }

  async #run(): Promise<number> {
    const { clock } = this.process;
    const deps = { store: this.#store, clock, log: silentLog };
    const claim = await claimAttempt({ ...deps, stop: this.#stop.signal }, this.#own);
    const isRefused = claim.kind === 'refused' && !this.#surroundings.mutant.ignoresRefusals;
    if (claim.kind !== 'claimed' && (claim.kind !== 'refused' || isRefused)) return exitCodeUnclaimed(claim);
    const ending = await this.#execute();
    await recordEnd(deps, this.#own, ending, undefined);
    return ending.kind === 'succeeded' ? 0 : ending.exitCode;
  }

  /** User code: it takes its time, and ends early when it is asked to, unless it does not listen. */
  async #execute(): Promise<Ending> {
    const { execMs, exitCode, ignoresSigterm } = this.#task.behaviour;
    const { startedBy, taskArn } = this.#task.facts;
    this.#isExecuting = true;
    this.#surroundings.history.add(this.process.name, { kind: 'exec-begin', startedBy, taskArn, isWorker: true });
    await this.process.clock.sleep(execMs, ignoresSigterm ? new AbortController().signal : this.#stop.signal);
    const ending = this.#endingOf(exitCode);
    this.#endExecution(ending.kind === 'succeeded');
    return ending;
  }

  #endingOf(exitCode: number): Ending {
    if (this.#stop.signal.aborted)
      return { kind: 'interrupted', exitCode: SIGTERM_EXIT, message: 'stopped by SIGTERM' };
    return exitCode === 0 ? { kind: 'succeeded' } : failed(`exit code ${exitCode}`, exitCode);
  }

  #endExecution(isOk: boolean): void {
    const { startedBy, taskArn } = this.#task.facts;
    this.#isExecuting = false;
    this.#surroundings.history.add(this.process.name, { kind: 'exec-end', startedBy, taskArn, isWorker: true, isOk });
  }
}

/** As `runWorker` has it. */
function exitCodeUnclaimed({ kind }: Exclude<ClaimOutcome, { kind: 'claimed' }>): number {
  switch (kind) {
    case 'refused':
      return 0;
    case 'interrupted':
      return SIGTERM_EXIT;
    case 'not-on-record':
    case 'denied':
      return MISCONFIGURED;
    case 'unavailable':
      return UNAVAILABLE;
    default:
      return kind satisfies never;
  }
}

/** A container without our worker: somebody's program, which knows nothing of runs. */
export function startPlainContainer(
  { queue, history }: Surroundings,
  task: SimulatedTask,
  onExit: (exitCode: number) => void,
): Container {
  const { startedBy, taskArn } = task.facts;
  const { execMs, exitCode, ignoresSigterm } = task.behaviour;
  const end = (isOk: boolean): void => {
    done.cancelled = true;
    history.add('container', { kind: 'exec-end', startedBy, taskArn, isWorker: false, isOk });
  };
  history.add('container', { kind: 'exec-begin', startedBy, taskArn, isWorker: false });
  const done = queue.in(execMs, () => {
    end(exitCode === 0);
    onExit(exitCode);
  });
  return {
    terminate: () => {
      if (done.cancelled || ignoresSigterm) return;
      end(false);
      queue.in(10, () => onExit(SIGTERM_EXIT));
    },
    kill: () => {
      if (!done.cancelled) end(false);
    },
  };
}
