import type { ListedFileStore } from '../core/file-store.ts';

/**
 * The same files, one of which is on its way already: the first `get` of `uri` is answered by what was begun here, be it an
 * error, and later ones ask again. The artifact comes while the worker claims its attempt; an attempt that is refused ends
 * it with `unwanted`.
 */
export function fetchAhead(files: ListedFileStore, uri: string | undefined, unwanted: AbortSignal): ListedFileStore {
  if (uri === undefined) return files;
  let begun: Promise<Uint8Array | undefined> | undefined = files.get(uri, unwanted);
  // Whoever asks for the file meets the error; perhaps nobody does.
  begun.catch(() => undefined);
  return {
    get: (wanted, stop) => {
      const first = wanted === uri ? begun : undefined;
      if (first !== undefined) begun = undefined;
      return first ?? files.get(wanted, stop);
    },
    getWithMetadata: (wanted) => files.getWithMetadata(wanted),
    put: (to, body, options) => files.put(to, body, options),
    list: (prefix) => files.list(prefix),
  };
}
