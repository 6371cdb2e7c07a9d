import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, installPacked } from './packed.ts';
import { packagesLoadedBy } from './static-imports.ts';

const FIVE_MB = 5 * 1024 * 1024;

/** What a secret looks like: AWS keys, private keys, tokens of npm, GitHub and Slack. */
const SECRETS =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bnpm_[A-Za-z0-9]{36}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[bp]-[0-9A-Za-z-]{20,}/;

let installed: Installed;

beforeAll(() => {
  installed = installPacked();
});
afterAll(() => installed.remove());

describe('the packed package', () => {
  it('holds the program, what it needs and what people read, and is small', () => {
    const { tarball } = installed;
    expect(tarball.size).toBeLessThan(FIVE_MB);
    const tops = new Set(tarball.files.map(({ path }) => path.split('/')[0]));
    expect([...tops].sort()).toEqual([
      'CHANGELOG.md',
      'Dockerfile.agent',
      'Dockerfile.worker',
      'LICENSE',
      'README.md',
      'config',
      'deploy',
      'dist',
      'docs',
      'package.json',
      'schemas',
      'supervisord.conf',
    ]);
  });

  it('holds no tests, no source maps, no environment files and no logs', () => {
    const unwanted = installed.tarball.files.filter(({ path }) =>
      /(?:^|\/)(?:test|tests|bench|demo|scripts|\.slipway)\/|\.(?:test|spec)\.|\.map$|(?:^|\/)\.env|\.log$|\.pem$/.test(
        path,
      ),
    );
    expect(unwanted).toEqual([]);
  });

  it('holds nothing that looks like a secret', () => {
    const home = join(installed.folder, 'node_modules/slipway');
    const found = installed.tarball.files.filter(({ path }) => SECRETS.test(readFileSync(join(home, path), 'utf8')));
    expect(found).toEqual([]);
  });

  it('runs from an empty folder', () => {
    const { program, folder } = installed;
    const help = spawnSync(program, ['--help'], { cwd: folder, encoding: 'utf8' });
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('slipway <command>') });
  });

  it('shows its help without loading the SDK, schemas or a server: what is loaded is what takes time', () => {
    expect([...packagesLoadedBy('dist/cli/main.js')]).toEqual(['yargs']);
  });

  it('has a worker that is one program: it loads no package, and lists those of which it contains parts', () => {
    const worker = join(installed.folder, 'node_modules/slipway/dist/worker');
    const programs = readdirSync(worker, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    expect(programs).toEqual(expect.arrayContaining(['main.js', 'flow-process.js']));
    expect(programs.flatMap((name) => [...packagesLoadedBy(join(worker, name))])).toEqual([]);
    const notices = readFileSync(join(worker, 'NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^ {2}@aws-sdk\/client-dynamodb \d+\.\d+\.\d+ \(Apache-2\.0\)$/m);
    expect(notices).toMatch(/^-+\npino\n\nThe MIT License/m);
    expect(notices).toContain('Permission is hereby granted');
  });
});
