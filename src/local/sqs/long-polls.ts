import type { LocalClock } from '../service.ts';
import type { Queue } from './queue.ts';

interface Waiter {
  /** Tries once; answers the call and returns true when there was something to answer. */
  attempt(): boolean;
  end(error?: Error): void;
}

interface Line {
  readonly waiters: Set<Waiter>;
  timer: { cancel(): void } | undefined;
}

/** Receives that wait for a message, first come first served. */
export class LongPolls {
  readonly #lines = new Map<Queue, Line>();
  readonly #clock: LocalClock;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /**
   * Repeats `attempt` whenever the queue may have something, until it gives a value or the time is over. After `gone`
   * it is not called any more, so a caller who has hung up takes no message with him.
   */
  wait<T>(queue: Queue, waitMs: number, gone: AbortSignal, attempt: () => T | undefined): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const line = this.#lineOf(queue);
      const finish = (): void => {
        line.waiters.delete(waiter);
        timeout.cancel();
        gone.removeEventListener('abort', leave);
        if (line.waiters.size === 0) this.#drop(queue, line);
      };
      const waiter: Waiter = {
        attempt: () => {
          const value = attempt();
          if (value === undefined) return false;
          finish();
          resolve(value);
          return true;
        },
        end: (error) => {
          finish();
          if (error === undefined) resolve(undefined);
          else reject(error);
        },
      };
      const leave = (): void => waiter.end();
      const timeout = this.#clock.after(waitMs, leave);
      gone.addEventListener('abort', leave);
      line.waiters.add(waiter);
      if (gone.aborted) leave();
      else this.#planWake(queue, line);
    });
  }

  /** Something may have become visible in the queue. */
  wake(queue: Queue): void {
    const line = this.#lines.get(queue);
    if (line === undefined) return;
    for (const waiter of line.waiters) {
      if (!served(waiter)) break;
    }
    if (line.waiters.size > 0) this.#planWake(queue, line);
  }

  /** Ends the waits for a queue that is gone. */
  fail(queue: Queue, error: Error): void {
    for (const waiter of this.#lines.get(queue)?.waiters ?? []) waiter.end(error);
  }

  /** Answers everybody with nothing. */
  close(): void {
    for (const line of this.#lines.values()) {
      for (const waiter of line.waiters) waiter.end();
    }
  }

  #lineOf(queue: Queue): Line {
    const known = this.#lines.get(queue);
    if (known !== undefined) return known;
    const line: Line = { waiters: new Set(), timer: undefined };
    this.#lines.set(queue, line);
    return line;
  }

  #planWake(queue: Queue, line: Line): void {
    line.timer?.cancel();
    const at = queue.nextVisibleAt;
    line.timer =
      at === undefined ? undefined : this.#clock.after(Math.max(1, at - this.#clock.now()), () => this.wake(queue));
  }

  #drop(queue: Queue, line: Line): void {
    line.timer?.cancel();
    if (this.#lines.get(queue) === line) this.#lines.delete(queue);
  }
}

function served(waiter: Waiter): boolean {
  try {
    return waiter.attempt();
  } catch (error) {
    waiter.end(error instanceof Error ? error : new Error(String(error)));
    return true;
  }
}
