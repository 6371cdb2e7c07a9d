import { writeSync } from 'node:fs';

/** Writes all of a text; the operating system may take it in parts. Returns its length in bytes. */
export function writeWhole(file: number, text: string): number {
  const content = Buffer.from(text);
  let written = 0;
  while (written < content.length) written += writeSync(file, content, written);
  return written;
}
