import type { FlowAnswer, OutputAnswer, OutputCall } from './flow-messages.ts';

/** The flow process's line to the worker, for what has to be answered. */
export class WorkerLine {
  readonly #waiting = new Map<number, { resolve(output: OutputAnswer): void; reject(error: Error): void }>();
  #count = 0;

  constructor() {
    process.on('message', (message) => this.#hear(message as FlowAnswer));
  }

  ask(call: OutputCall): Promise<OutputAnswer> {
    this.#count += 1;
    const id = this.#count;
    // As long as an answer is due, the channel keeps the process up; else nothing of ours does.
    process.channel?.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      process.send?.({ slipway: 'ask', id, call }, undefined, undefined, (error) => {
        if (error !== null) this.#settle(id)?.reject(error);
      });
    });
  }

  #hear({ slipway, id, output, error }: FlowAnswer): void {
    if (slipway !== 'answer') return;
    const waiting = this.#settle(id);
    if (error === undefined) waiting?.resolve(output);
    else waiting?.reject(errorOf(error));
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) process.channel?.unref();
    return waiting;
  }
}

/** What went wrong did so in the worker: the frames of this channel would tell the flow's author nothing. */
function errorOf(message: string): Error {
  const error = new Error(message);
  error.stack = `${error.name}: ${message}`;
  return error;
}
