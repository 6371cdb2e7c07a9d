import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../service/clock.ts';

const EVERY_MS = 250;
const PIECE_BYTES = 64 * 1024;

/**
 * Reads what is written to a file while it is, until `stop`, and then to its end. A file that has become shorter is read from
 * its beginning; one that is not there has nothing in it.
 */
export async function tailFile(
  path: string,
  clock: Clock,
  stop: AbortSignal,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  let offset = 0;
  while (!stop.aborted) {
    offset = await readFrom(path, offset, take);
    await clock.sleep(EVERY_MS, stop);
  }
  await readFrom(path, offset, take);
}

/** Opened each time: a program may replace the file by another one. */
async function readFrom(path: string, offset: number, take: (chunk: Uint8Array) => void): Promise<number> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return offset;
  }
  try {
    const { size } = await file.stat();
    let at = size < offset ? 0 : offset;
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at);
      if (bytesRead === 0) return at;
      at += bytesRead;
      take(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
