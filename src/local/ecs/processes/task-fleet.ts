import type { StopCode } from '../state/records.ts';
import { canGoOn, endOrphan } from './end-orphans.ts';
import { type LifeTools, TaskLife } from './task-life.ts';

/** All tasks that live. */
export class TaskFleet {
  readonly #tools: LifeTools;
  readonly #lives = new Map<string, TaskLife>();
  readonly #killAll = () => {
    for (const life of this.#lives.values()) life.killNow();
    this.#tools.workFolders.close();
  };

  constructor(tools: LifeTools) {
    this.#tools = tools;
    process.on('exit', this.#killAll);
  }

  /** Takes up the tasks that an earlier local ECS left behind: those not yet started go on, the others are ended. */
  resume(): void {
    for (const task of [...this.#tools.store.state.tasks.values()]) {
      if (task.lastStatus === 'STOPPED') continue;
      if (canGoOn(task)) this.begin(task.arn);
      else endOrphan(this.#tools.store, this.#tools.workFolders, task);
    }
  }

  begin(arn: string): void {
    const life = new TaskLife(arn, this.#tools);
    this.#lives.set(arn, life);
    life
      .live()
      .catch(async (error: unknown) => {
        this.#settleBroken(arn, error);
        await life.abandon();
      })
      .finally(() => this.#lives.delete(arn));
  }

  stop(arn: string, stopCode: StopCode, stoppedReason: string): void {
    this.#lives.get(arn)?.stop({ stopCode, stoppedReason });
  }

  outOfMemory(arn: string, container: string | undefined): void {
    this.#lives.get(arn)?.outOfMemory(container);
  }

  /** Kills all processes; resolves when none is left. */
  async close(): Promise<void> {
    process.off('exit', this.#killAll);
    await Promise.all([...this.#lives.values()].map((life) => life.abandon()));
    this.#lives.clear();
    this.#tools.workFolders.close();
  }

  /** Nobody shall wait for a task whose life local ECS itself has broken. */
  #settleBroken(arn: string, error: unknown): void {
    const now = this.#tools.clock.now();
    this.#tools.store.updateTask(arn, {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: `InternalError: local ECS could not run the task: ${error instanceof Error ? error.message : String(error)}`,
      stoppedAt: now,
    });
  }
}
