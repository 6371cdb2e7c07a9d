import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The two lines of Dockerfile.worker on which its promise hangs. */
export interface WorkerImage {
  /** Arguments of the `npm install` that fills the image, without the tarball. */
  readonly install: readonly string[];
  /** The entry point's Node flags, and its program below the folder of the installation. */
  readonly nodeFlags: readonly string[];
  readonly program: string;
}

/** Reads Dockerfile.worker, so that a test installs and starts exactly what the image does. */
export function workerImage(root: string): WorkerImage {
  const dockerfile = readFileSync(join(root, 'Dockerfile.worker'), 'utf8');
  const install = /^RUN npm (install .*) \/packed\/slipway-\*\.tgz$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
  const entryPoint: string[] = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]');
  const node = entryPoint.indexOf('node');
  const program = entryPoint.at(-1)?.replace('/slipway/', '') ?? '';
  return { install, nodeFlags: entryPoint.slice(node + 1, -1), program };
}
