import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isJsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';

/**
 * Makes unpacked packages importable by name for the modules below `root`: Node looks for `node_modules` upwards. A package
 * is a folder with a package.json, at the archive's top or one folder below (as npm packs them), or it is among the
 * archive's own `node_modules`. Of two with one name the first is taken.
 */
export async function placePackages(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const own of [folder, ...(await foldersIn(folder))]) await place(root, await packageName(own), own);
    for (const [name, path] of await bundledIn(join(folder, 'node_modules'))) await place(root, name, path);
  }
}

/** The packages of a `node_modules` by name; those of a scope are one folder further down. */
async function bundledIn(modules: string): Promise<readonly (readonly [string, string])[]> {
  const folders = await foldersIn(modules);
  const found = await Promise.all(
    folders.map((folder) => (basename(folder).startsWith('@') ? foldersIn(folder) : [folder])),
  );
  return found.flat().map((path) => [relative(modules, path), path]);
}

/** Makes one folder importable under a name, unless another one has it. */
export async function place(root: string, name: string | undefined, folder: string): Promise<void> {
  if (name === undefined) return;
  const path = join(root, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(folder, path, 'dir').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** A package's name (npm's `package.json`): a scope at most, and nothing that leads elsewhere. */
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

async function packageName(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
  const parsed = parseJsonText(text);
  const name = parsed.ok && isJsonMap(parsed.value) ? parsed.value.name : undefined;
  return typeof name === 'string' && PACKAGE_NAME.test(name) ? name : undefined;
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
