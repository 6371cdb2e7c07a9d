import { Gate } from './gate.ts';

export interface Slots {
  readonly granted: Promise<void>;
  /** Gives the slots back, or leaves the queue. Safe to call twice. */
  giveBack(): void;
}

interface Waiting {
  readonly count: number;
  readonly gate: Gate;
}

/** How many containers may be at something at once, such as running or starting; who comes first is served first. */
export class ProcessSlots {
  #free: number;
  readonly #limit: number;
  #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#free = limit;
    this.#limit = limit;
  }

  /** Asks for `count` slots; more than there are at all count as all of them. */
  take(count: number): Slots {
    const wanted: Waiting = { count: Math.min(count, this.#limit), gate: new Gate() };
    this.#waiting.push(wanted);
    this.#serve();
    let isDone = false;
    return {
      granted: wanted.gate.opened,
      giveBack: () => {
        if (isDone) return;
        isDone = true;
        if (wanted.gate.isOpen) this.#free += wanted.count;
        else this.#waiting = this.#waiting.filter((other) => other !== wanted);
        this.#serve();
      },
    };
  }

  #serve(): void {
    for (let [first] = this.#waiting; first && first.count <= this.#free; [first] = this.#waiting) {
      this.#waiting.shift();
      this.#free -= first.count;
      first.gate.open();
    }
  }
}
