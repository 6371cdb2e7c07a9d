import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface Tarball {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly PackedFile[];
}

/** Packs this package as `npm publish` would; `dist` is there already. */
export function packInto(folder: string): Tarball {
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { file: join(folder, packed.filename), size: packed.size, files: packed.files };
}

export interface Installed {
  readonly folder: string;
  readonly tarball: Tarball;
  /** The program, as npm links it. */
  readonly program: string;
  remove(): void;
}

/** An empty folder in which the packed package is installed. Its dependencies are those of this repository, not fetched again. */
export function installPacked(): Installed {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-packed-')));
  const home = join(folder, 'node_modules', 'slipway');
  mkdirSync(home, { recursive: true });
  mkdirSync(join(folder, 'node_modules', '.bin'));
  const tarball = packInto(folder);
  execFileSync('tar', ['-xzf', tarball.file, '-C', home, '--strip-components=1']);
  rmSync(tarball.file);
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'));
  const program = join(folder, 'node_modules', '.bin', 'slipway');
  symlinkSync('../slipway/dist/cli/main.js', program);
  execFileSync('chmod', ['+x', join(home, 'dist/cli/main.js')]);
  return { folder, tarball, program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
