import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** What the package's licence and notice files say. */
  readonly texts: readonly string[];
}

const TITLE = 'The worker contains parts of these packages.';

/** What their licences ask of those who pass the packages of a bundle on: names, versions, and the licences' own words. */
export function noticesOf(metafile: Metafile, root: string): string {
  const packages = packageFolders(metafile).map((folder) => readPackage(join(root, folder)));
  const heads = packages.map(({ name, version, license }) => `  ${name} ${version} (${license})`);
  const bodies = new Map<string, string[]>();
  for (const { name, texts } of packages) {
    for (const text of texts) bodies.set(text, [...(bodies.get(text) ?? []), name]);
  }
  // Many packages of one author carry the same licence: it is printed once.
  const said = [...bodies].map(([text, names]) => `${'-'.repeat(80)}\n${names.join(', ')}\n\n${text}`);
  return `${[TITLE, '', ...heads, '', ...said].join('\n')}\n`;
}

/** The folders of packages from which a file has come into the bundle. */
function packageFolders({ outputs }: Metafile): readonly string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = used.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license }: Omit<BundledPackage, 'texts'> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  return { name, version, license, texts: files.map((file) => readFileSync(join(folder, file), 'utf8').trim()) };
}
