import type { LocalClock } from '../../service.ts';
import type { ProcessMark } from '../state/records.ts';
import type { ContainerPlan } from './container-plan.ts';
import { ContainerProcess, couldNotStart, type Ending } from './container-process.ts';
import { Gate } from './gate.ts';
import type { LogTarget } from './log-target.ts';

export interface ContainerHooks {
  /** In the same turn as the process was made: what is noted here is there when local AWS is killed. */
  readonly onStart: (name: string, mark: ProcessMark | undefined) => void;
  readonly onEnd: (plan: ContainerPlan, ending: Ending) => void;
  readonly write: (target: LogTarget, lines: readonly string[]) => void;
}

interface Container {
  readonly plan: ContainerPlan;
  readonly started: Gate;
  readonly ended: Gate<Ending>;
  process: ContainerProcess | undefined;
}

/** The containers of one task: started in the order of their dependencies, stopped together. */
export class TaskContainers {
  readonly #containers: readonly Container[];
  readonly #hooks: ContainerHooks;
  readonly #clock: LocalClock;
  readonly #stopping = new Gate();

  constructor(plans: readonly ContainerPlan[], clock: LocalClock, hooks: ContainerHooks) {
    this.#containers = plans.map((plan) => ({ plan, started: new Gate(), ended: new Gate(), process: undefined }));
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** Starts all containers; resolves when each of them runs or has run. */
  async start(): Promise<void> {
    for (const container of this.#containers) void this.#run(container);
    await Promise.all(this.#containers.map(({ started }) => started.opened));
  }

  /** SIGTERM, and SIGKILL for those that outlive their stop timeout; resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping.open();
    const timers = this.#containers.map(({ plan, process }) => {
      process?.terminate();
      return this.#clock.after(plan.stopTimeoutMs, () => process?.kill());
    });
    await this.#allEnded();
    for (const timer of timers) timer.cancel();
  }

  /** SIGKILL at once; resolves when all have ended. */
  async kill(): Promise<void> {
    this.killNow();
    await this.#allEnded();
  }

  /** SIGKILL without waiting, for when this process itself is about to end. */
  killNow(): void {
    this.#stopping.open();
    for (const { process } of this.#containers) process?.kill();
  }

  /** Kills the named container, or the first essential one, for its use of memory. */
  outOfMemory(name: string | undefined): void {
    const victim = this.#containers.find(({ plan }) => (name === undefined ? plan.essential : plan.name === name));
    victim?.process?.killForMemory();
  }

  #allEnded(): Promise<unknown> {
    return Promise.all(this.#containers.map(({ ended }) => ended.opened));
  }

  async #run(container: Container): Promise<void> {
    const obstacle = await this.#obstacleOf(container);
    const ending = obstacle ?? (await this.#runProcess(container));
    this.#hooks.onEnd(container.plan, ending);
    container.started.open();
    container.ended.open(ending);
  }

  async #runProcess(container: Container): Promise<Ending> {
    // Stopping may have begun since the dependencies were met; a process made now would not hear of it.
    if (this.#stopping.isOpen) return neverStarted(undefined);
    const process = this.#spawn(container);
    if (!(process instanceof ContainerProcess)) return process;
    container.process = process;
    this.#hooks.onStart(container.plan.name, process.mark);
    if (process.mark) container.started.open();
    return await process.ended;
  }

  /** Some commands cannot even be tried, such as one with a NUL character in it. */
  #spawn({ plan }: Container): ContainerProcess | Ending {
    const { log } = plan;
    try {
      return new ContainerProcess(plan, (lines) => {
        if (log && lines.length > 0) this.#hooks.write(log, lines);
      });
    } catch (error) {
      return couldNotStart(plan, error);
    }
  }

  /** Waits for the dependencies; what keeps the container from ever starting becomes its ending. */
  async #obstacleOf({ plan }: Container): Promise<Ending | undefined> {
    for (const { containerName, condition } of plan.dependsOn) {
      const target = this.#containers.find((other) => other.plan.name === containerName);
      if (!target) continue;
      await Promise.race([
        this.#stopping.opened,
        condition === 'COMPLETE' || condition === 'SUCCESS' ? target.ended.opened : target.started.opened,
      ]);
      const failed = condition === 'SUCCESS' && target.ended.isOpen && (await target.ended.opened).exitCode !== 0;
      if (failed)
        return neverStarted(
          `dependency did not exit successfully: container '${plan.name}' depends on the success of '${containerName}'`,
        );
    }
    return undefined;
  }
}

function neverStarted(reason: string | undefined): Ending {
  return { exitCode: undefined, reason, isStarted: false };
}
