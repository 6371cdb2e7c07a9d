/**
 * Writes the files that our own programs print: supervisord.conf and its kin. A test fails while they differ.
 *
 *   npm run files
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatedFiles } from './generated-files.ts';

const ROOT = resolve(import.meta.dirname, '..');

for (const [path, text] of generatedFiles()) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
