import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AdmittedEntry } from './archive-gate.ts';

/** Writes an admitted entry below the folder; never over anything that is there. */
export async function writeEntry(
  folder: string,
  { path, kind, mode }: AdmittedEntry,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const target = join(folder, path);
  if (kind === 'folder') {
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  await pipeline(content, createWriteStream(target, { flags: 'wx', mode }));
}
