import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { FLOW_ENTRY_NAMES } from '../core/flow-entry-names.ts';
import { isJsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';

/** The module with which an unpacked flow begins: `flow.mjs`, `index.mjs`, or the `main` of its package.json. */
export async function findFlowEntry(folder: string): Promise<string | undefined> {
  for (const name of [...FLOW_ENTRY_NAMES, ...(await packageMain(folder))]) {
    const path = join(folder, name);
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function packageMain(folder: string): Promise<readonly string[]> {
  const path = join(folder, 'package.json');
  if (!(await isFile(path))) return [];
  const parsed = parseJsonText(await readFile(path, 'utf8'));
  const main = parsed.ok && isJsonMap(parsed.value) ? parsed.value.main : undefined;
  if (typeof main !== 'string' || isAbsolute(main) || normalize(main).startsWith('..')) return [];
  return [main];
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
