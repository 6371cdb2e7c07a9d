import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLocalAws } from '../../src/local/start-local-aws.ts';
import { lockState } from '../../src/local/state-lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the lock of a state directory', () => {
  it('is refused to a second local AWS, which is told who has it', async () => {
    const stateDir = temporaryFolder();
    const first = await startLocalAws({ stateDir });
    await expect(startLocalAws({ stateDir })).rejects.toThrow(
      `the state directory ${stateDir} is in use by another local AWS (process ${process.pid})`,
    );
    await first.stop();
    const second = await startLocalAws({ stateDir });
    await second.stop();
  });

  it('is taken over from a process that is gone', () => {
    const stateDir = temporaryFolder();
    const { pid } = spawnSync('true');
    writeFileSync(join(stateDir, 'lock.json'), JSON.stringify({ pid, started: '1' }));
    const unlock = lockState(stateDir);
    expect(JSON.parse(readFileSync(join(stateDir, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    unlock();
  });

  it('is taken over from an earlier process whose number a living one has now', () => {
    const stateDir = temporaryFolder();
    writeFileSync(join(stateDir, 'lock.json'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    lockState(stateDir)();
    expect(existsSync(join(stateDir, 'lock.json'))).toBe(false);
  });

  it('is taken over when the file says nothing', () => {
    const stateDir = temporaryFolder();
    writeFileSync(join(stateDir, 'lock.json'), '');
    lockState(stateDir)();
  });

  it('leaves nothing behind', () => {
    const stateDir = temporaryFolder();
    lockState(stateDir)();
    expect(readdirSync(stateDir)).toEqual([]);
  });
});
