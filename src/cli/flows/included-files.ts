import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ZipEntry } from '../../agent/deterministic-zip.ts';
import type { Fault } from '../../core/fault.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** What a build writes itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(['flow.mjs', 'flow.mjs.map', 'flow_spec.json', 'metadata.json']);

/** Reads files and folders that belong to a flow, named as they lie beside its module, so that the code finds them there. */
export async function includedFiles(
  flowFile: string,
  paths: readonly string[],
): Promise<Result<readonly ZipEntry[], readonly Fault[]>> {
  const folder = dirname(resolve(flowFile));
  const entries = new Map<string, ZipEntry>();
  const faults: Fault[] = [];
  for (const path of paths) await include(resolve(path), folder, entries, faults);
  return faults.length > 0 ? err(faults) : ok([...entries.values()]);
}

async function include(path: string, folder: string, entries: Map<string, ZipEntry>, faults: Fault[]): Promise<void> {
  const name = relative(folder, path).split(sep).join('/');
  const stats = await lstat(path).catch((error: Error) => error);
  const fault = stats instanceof Error ? `cannot be read: ${stats.message}` : faultOf(name, stats);
  if (fault !== undefined || stats instanceof Error) {
    faults.push({ place: { file: path }, message: fault ?? '', hint: `included files lie below ${folder}` });
    return;
  }
  if (stats.isDirectory()) {
    for (const own of await readdir(path)) await include(join(path, own), folder, entries, faults);
    return;
  }
  entries.set(name, { name, bytes: await readFile(path), isExecutable: (stats.mode & 0o100) !== 0 });
}

function faultOf(
  name: string,
  stats: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean },
): string | undefined {
  if (name === '' || name.startsWith('..')) return "is not below the flow's folder";
  if (OWN_NAMES.has(name)) return 'has a name that the build writes itself';
  if (stats.isSymbolicLink()) return 'is a link, and links are not packed';
  return stats.isFile() || stats.isDirectory() ? undefined : 'is neither a file nor a folder';
}
