import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../service/log.ts';
import { type Ending, failed } from './ending.ts';
import { type CommandDeps, runCommand } from './run-command.ts';

export interface InstallDeps extends Omit<CommandDeps, 'environment' | 'folder'> {
  readonly log: Log;
}

const PIP = ['python3', '-m', 'pip'];
const QUIETLY = ['--quiet', '--no-input', '--disable-pip-version-check'];

/**
 * Installs the `requirements.txt` of Python packages into one folder, with pip where pip is there. Resolves to how a program
 * ended that could not do it; an image without Python has no use for it.
 */
export async function installRequirements(
  packages: readonly string[],
  target: string,
  deps: InstallDeps,
): Promise<Ending> {
  const files = await filesThere(packages.map((folder) => join(folder, 'requirements.txt')));
  if (files.length === 0) return { kind: 'succeeded' };
  const silent = { ...deps, stdout: deps.stderr };
  if ((await runCommand([...PIP, '--version'], silent)).kind !== 'succeeded') {
    deps.log.warn('worker.no-pip', { error: 'requirements.txt is not installed: the image has no python3 with pip' });
    return { kind: 'succeeded' };
  }
  const wanted = files.flatMap((file) => ['--requirement', file]);
  const ending = await runCommand([...PIP, 'install', ...QUIETLY, '--target', target, ...wanted], silent);
  if (ending.kind !== 'failed') return ending;
  return failed(`pip could not install what the packages require: ${ending.message}`, 1, ending.traceback);
}

async function filesThere(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.allSettled(paths.map((path) => access(path)));
  return paths.filter((_path, index) => found[index]?.status === 'fulfilled');
}
