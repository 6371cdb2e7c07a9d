import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';

const FOLDER = join(import.meta.dirname, '../golden/launches');

/** A launch of test/golden/launches, as files in a folder of its own. */
export interface LaunchFixture {
  readonly name: string;
  readonly folder: string;
  readonly configRef: string;
  readonly flow: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly environment: string | undefined;
  /** By the names that the command line has for them, in camel case. */
  readonly flags: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  remove(): void;
}

interface Written {
  readonly files?: Readonly<Record<string, string>>;
  readonly flow?: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly flags?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

export const LAUNCH_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml') && name !== 'base.yaml')
  .map((name) => name.replace(/\.yaml$/, ''));

/** Writes the fixture's files, laid over those of the base. */
export function openFixture(name: string): LaunchFixture {
  const { files: base = {} } = read('base');
  const { files = {}, flow = 'etl', request = {}, environment, flags = {}, variables = {} } = read(name);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-launch-')));
  for (const [path, text] of Object.entries({ ...base, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    name,
    folder,
    configRef: join(folder, 'agent.yaml'),
    flow,
    request,
    environment,
    flags,
    variables,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function read(name: string): Written {
  return load(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')) as Written;
}
