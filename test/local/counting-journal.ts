import { Journal } from '../../src/local/journal.ts';

export interface Note {
  readonly key: string;
  readonly value: string;
}

/** A journal of texts by key; `snapshots` counts how often it was compacted. */
export function openNotes(path: string | undefined): {
  journal: Journal<Map<string, string>, Note>;
  snapshots(): number;
} {
  let snapshots = 0;
  const journal = new Journal<Map<string, string>, Note>({
    path,
    empty: () => new Map(),
    apply: (state, { key, value }) => state.set(key, value),
    snapshot: (state) => {
      snapshots += 1;
      return [...state].map(([key, value]) => ({ key, value }));
    },
  });
  return { journal, snapshots: () => snapshots };
}
