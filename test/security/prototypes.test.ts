import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

describe('X14: prototypes', () => {
  it('cannot be changed by any body, template or key: all of it works with prototypes that are frozen', async () => {
    const args = ['--disable-proto=delete', '--import', 'tsx', 'test/security/frozen-prototypes.ts'];
    const { stdout } = await run(process.execPath, args);
    expect(Number(stdout.split(' ')[0])).toBeGreaterThan(465);
  });
});
