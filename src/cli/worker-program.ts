import { fileURLToPath } from 'node:url';

/** The program that stands for the image `slipway-worker` in local AWS: the built worker, or its source where this runs from source. */
export function workerProgram(): readonly string[] {
  if (!import.meta.url.endsWith('.ts')) return [process.execPath, workerFile('main.js')];
  // Tasks run in folders of their own, from where a bare `tsx` is not found.
  return [process.execPath, '--import', import.meta.resolve('tsx'), workerFile('main.ts')];
}

function workerFile(name: string): string {
  return fileURLToPath(new URL(`../worker/${name}`, import.meta.url));
}
