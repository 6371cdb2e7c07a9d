import { execFile } from 'node:child_process';
import { access, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The client whose messages are read, and what it needs to write them to S3. */
const PACKAGES = ['dagster-pipes==1.13.28', 'boto3'];

/**
 * A Python with the official client of Dagster Pipes: installed once per machine, below the temporary folder. Resolves to
 * why there is none where pip cannot install it.
 */
export async function pipesPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const folder = join(tmpdir(), 'slipway-pipes-1.13.28');
  const python = join(folder, 'bin', 'python');
  if (await isThere(python)) return { python };
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await run('python3', ['-m', 'venv', fresh]);
    await run(join(fresh, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { timeout: 120_000 });
    // Another test run may have been faster; either is as good.
    await rename(fresh, folder).catch(() => undefined);
    return { python };
  } catch (error) {
    return { missing: `pip cannot install ${PACKAGES.join(' and ')}: ${String(error).split('\n', 1)[0]}` };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
