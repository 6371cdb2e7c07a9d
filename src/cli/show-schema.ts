import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { SCHEMA_NAMES } from './schema-names.ts';
import { usageError } from './user-error.ts';

export interface ShowSchemaFlags {
  /** One of them; all if left out, which needs `out`. */
  readonly name?: string | undefined;
  /** The folder to write to. */
  readonly out?: string | undefined;
}

const SCHEMAS = join(import.meta.dirname, '..', '..', 'schemas');

/** Prints a JSON Schema, or writes some where an editor finds them. */
export async function showSchema({ name, out }: ShowSchemaFlags, { terminal, cwd }: CliContext): Promise<number> {
  if (out === undefined) {
    if (name === undefined) throw usageError(`which one? ${SCHEMA_NAMES.join(', ')}`, 'or all of them: --out DIR');
    terminal.data((await readSchema(name)).trimEnd());
    return EXIT.ok;
  }
  await mkdir(resolve(cwd, out), { recursive: true });
  for (const each of name === undefined ? SCHEMA_NAMES : [name]) {
    const path = join(out, `${each}.schema.json`);
    await writeFile(resolve(cwd, path), await readSchema(each));
    terminal.data(path);
  }
  return EXIT.ok;
}

function readSchema(name: string): Promise<string> {
  return readFile(join(SCHEMAS, `${name}.schema.json`), 'utf8');
}
