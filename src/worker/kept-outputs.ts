import type { Serializer } from '../sdk/serializer.ts';
import type { Kept, StepStore } from '../sdk/step-store.ts';
import type { OutputAnswer, OutputCall, OutputFormat, OutputPlace } from './flow-messages.ts';

/** Outputs of steps, kept by the worker. What is saved is what was encoded, and is given on as it is decoded again. */
export class KeptOutputs implements StepStore {
  readonly #serializer: Serializer;
  readonly #ask: (call: OutputCall) => Promise<OutputAnswer>;
  readonly #format: OutputFormat;

  constructor(serializer: Serializer, ask: (call: OutputCall) => Promise<OutputAnswer>) {
    this.#serializer = serializer;
    this.#ask = ask;
    this.#format = { extension: serializer.extension, contentType: serializer.contentType };
  }

  load(step: string): Promise<Kept | undefined> {
    return this.#load({ of: 'step', step });
  }

  save(step: string, output: unknown): Promise<unknown> {
    return this.#save({ of: 'step', step }, output);
  }

  async loadItems(step: string): Promise<ReadonlyMap<number, unknown>> {
    const items = await this.#ask({ do: 'load-items', step, format: this.#format });
    if (!(items instanceof Map)) return new Map();
    return new Map([...items].map(([index, bytes]) => [index, this.#serializer.decode(bytes)]));
  }

  saveItem(step: string, index: number, output: unknown): Promise<unknown> {
    return this.#save({ of: 'item', step, index }, output);
  }

  loadCached(step: string, key: string): Promise<Kept | undefined> {
    return this.#load({ of: 'cache', step, key });
  }

  async saveCached(step: string, key: string, output: unknown): Promise<void> {
    await this.#save({ of: 'cache', step, key }, output);
  }

  async #load(place: OutputPlace): Promise<Kept | undefined> {
    const bytes = await this.#ask({ do: 'load', place, format: this.#format });
    return bytes instanceof Uint8Array ? { output: this.#serializer.decode(bytes) } : undefined;
  }

  async #save(place: OutputPlace, output: unknown): Promise<unknown> {
    const encoded = this.#serializer.encode(output);
    const bytes = typeof encoded === 'string' ? Buffer.from(encoded) : encoded;
    await this.#ask({ do: 'save', place, format: this.#format, bytes });
    return this.#serializer.decode(bytes);
  }
}
