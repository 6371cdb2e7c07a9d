/**
 * Makes the built worker one program that needs no `node_modules`: `dist/worker` holds what it uses of its dependencies, at
 * the versions of the lock file. It starts in half the time, and the image of worker flows has nothing to install.
 *
 *   dist/worker/*.js of tsc ──> main.js, flow-process.js, chunks/*.js (what is loaded only when it is needed), NOTICES.txt
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { noticesOf } from './bundled-packages.ts';

const ROOT = resolve(import.meta.dirname, '..');
const WORKER = join(ROOT, 'dist/worker');
const BUNDLE = join(ROOT, 'dist/worker-bundle');

/** CommonJS dependencies `require` what Node brings along. */
const BANNER =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

await rm(BUNDLE, { recursive: true, force: true });
await mkdir(BUNDLE, { recursive: true });
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/worker/main.ts', 'src/worker/flow-process.ts'],
  outdir: BUNDLE,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Some packages' `main` is CommonJS, of which nothing can be left out.
  mainFields: ['module', 'main'],
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: BANNER },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
await writeFile(join(BUNDLE, 'NOTICES.txt'), noticesOf(metafile, ROOT));
// Not two copies of one program.
await rm(WORKER, { recursive: true, force: true });
await rename(BUNDLE, WORKER);
