/**
 * Adds to package-lock.json what npm leaves out when its registry does not have every platform's build of an optional
 * package: without an entry for each, `npm ci` refuses the lock. `--check` only tells.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FILE = resolve(import.meta.dirname, '../package-lock.json');
const SYSTEMS: ReadonlySet<string> = new Set(['android', 'darwin', 'linux', 'win32', 'freebsd']);
const PROCESSORS: ReadonlySet<string> = new Set(['arm64', 'x64', 'arm', 'ia32']);

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(FILE, 'utf8'));
const places = Object.keys(lock.packages);
const missing = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !places.some((place) => place.endsWith(`node_modules/${name}`)))
    .map(([name, version]) => [`node_modules/${name}`, platformPackage(parent, name, version)] as const),
);

if (process.argv.includes('--check')) {
  for (const [place] of missing) process.stderr.write(`package-lock.json: no entry for ${place}\n`);
  process.exitCode = missing.length > 0 ? 1 : 0;
} else {
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  packages.sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  process.stdout.write(`package-lock.json: ${missing.length} entries added\n`);
}

/** Its name tells which platform a build is for: `@biomejs/cli-linux-x64-musl`. */
function platformPackage(parent: LockedPackage, name: string, version: string): object {
  const words = name.split('-');
  return {
    version,
    cpu: words.filter((word) => PROCESSORS.has(word)),
    ...(parent.dev ? { dev: true } : {}),
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
    ...(parent.license ? { license: parent.license } : {}),
    optional: true,
    os: words.filter((word) => SYSTEMS.has(word)),
    ...(parent.engines ? { engines: parent.engines } : {}),
  };
}
