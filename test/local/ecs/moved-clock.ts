import type { LocalClock } from '../../../src/local/service.ts';

/** The real clock, ahead by as much as a test moves it. Timers run in real time; moving fires those that are then due. */
export class MovedClock implements LocalClock {
  #aheadMs = 0;
  readonly #timers = new Set<{ readonly at: number; readonly fire: () => void }>();

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  after(ms: number, callback: () => void): { cancel(): void } {
    const cancel = () => {
      clearTimeout(handle);
      this.#timers.delete(timer);
    };
    const fire = () => {
      cancel();
      callback();
    };
    const timer = { at: this.now() + ms, fire };
    const handle = setTimeout(fire, ms);
    handle.unref();
    this.#timers.add(timer);
    return { cancel };
  }

  move(ms: number): void {
    this.#aheadMs += ms;
    for (const timer of [...this.#timers]) if (timer.at <= this.now()) timer.fire();
  }
}
