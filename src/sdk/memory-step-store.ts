import { jsonSerializer, type Serializer } from './serializer.ts';
import type { Kept, StepStore } from './step-store.ts';

/** Keeps outputs as bytes in memory: given to a second run of a flow, it is what a second attempt finds. */
export function memoryStepStore(serializer: Serializer = jsonSerializer): StepStore {
  const steps = new Map<string, Uint8Array>();
  const items = new Map<string, Map<number, Uint8Array>>();
  const cache = new Map<string, Uint8Array>();
  const encode = (output: unknown): Uint8Array => {
    const encoded = serializer.encode(output);
    return typeof encoded === 'string' ? new TextEncoder().encode(encoded) : encoded;
  };
  const keptOf = (bytes: Uint8Array | undefined): Kept | undefined =>
    bytes === undefined ? undefined : { output: serializer.decode(bytes) };
  return {
    load: async (step) => keptOf(steps.get(step)),
    save: async (step, output) => {
      const bytes = encode(output);
      steps.set(step, bytes);
      return serializer.decode(bytes);
    },
    loadItems: async (step) =>
      new Map([...(items.get(step) ?? [])].map(([index, bytes]) => [index, serializer.decode(bytes)])),
    saveItem: async (step, index, output) => {
      const bytes = encode(output);
      items.set(step, (items.get(step) ?? new Map<number, Uint8Array>()).set(index, bytes));
      return serializer.decode(bytes);
    },
    loadCached: async (step, key) => keptOf(cache.get(cacheName(step, key))),
    saveCached: async (step, key, output) => {
      cache.set(cacheName(step, key), encode(output));
    },
  };
}

function cacheName(step: string, key: string): string {
  return `${step}\n${key}`;
}
