import { CANCELLED_RUN } from '../../demo/messages.ts';
import { type FlowRun, isFinished } from '../../src/core/run.ts';
import type { Scene } from './demo-scenes.ts';
import type { Operator } from './operator.ts';

/** Plays the scenes: sends what is due, cancels what is to be cancelled. */
export class DemoDirector {
  readonly #operator: Operator;
  /** Those that wait for another run's end. */
  readonly #waiting: Set<Scene>;
  #isCancelled = false;

  constructor(operator: Operator, scenes: readonly Scene[]) {
    this.#operator = operator;
    this.#waiting = new Set(scenes);
  }

  async react(runs: readonly FlowRun[]): Promise<void> {
    const ended = new Set(runs.filter(isFinished).map(({ runId }) => runId));
    for (const scene of this.#waiting) {
      if (scene.after !== undefined && !ended.has(scene.after)) continue;
      this.#waiting.delete(scene);
      if (scene.deregisters !== undefined) await this.#operator.deregister(scene.deregisters);
      await this.#operator.send(scene.body);
    }
    const isRunning = runs.some(({ runId, status }) => runId === CANCELLED_RUN && status === 'RUNNING');
    if (!isRunning || this.#isCancelled) return;
    this.#isCancelled = true;
    await this.#operator.cancel(CANCELLED_RUN);
  }
}
