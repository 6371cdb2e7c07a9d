import { isDenied } from '../../aws/call-error.ts';
import type { FileStore } from '../../core/file-store.ts';
import type { Clock } from '../../service/clock.ts';
import { backOff } from '../backoff.ts';

/** A client uploads what it has every ten seconds, and when it ends (dagster-pipes 1.13, `PipesBlobStoreMessageWriter`). */
const EVERY_MS = 10_000;
const LAST_TRIES = 4;

const NEVER = new AbortController().signal;

/**
 * Reads the numbered files `1.json`, `2.json`, … below the prefix while a program writes them, until `stop`, and then to the
 * last one. A file without a line in it is one like any other: clients write such when they have nothing to say.
 */
export async function readChunks(
  files: FileStore,
  prefix: string,
  clock: Clock,
  stop: AbortSignal,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  let next = 1;
  const readOn = async () => {
    for (let bytes = await files.get(uriOf()); bytes !== undefined; bytes = await files.get(uriOf())) {
      next += 1;
      take(bytes);
      take(NEWLINE);
    }
  };
  const uriOf = () => `${prefix}/${next}.json`;
  while (!stop.aborted) {
    await clock.sleep(EVERY_MS, stop);
    // Until the end it is the next look that makes up for it.
    if (!stop.aborted) await readOn().catch(() => undefined);
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await readOn();
    } catch (error) {
      if (tries === LAST_TRIES || isDenied(error)) throw error;
      await backOff(clock, tries, NEVER);
    }
  }
}

/** The last line of a file need not end like one. */
const NEWLINE = Buffer.from('\n');
