import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalClock } from '../../../src/local/service.ts';
import { systemClock } from '../../../src/local/system-clock.ts';
import { describeTask, reaches, register, run, shell } from './run-a-task.ts';
import { type StartedEcs, startEcs } from './start-ecs.ts';

/** So long a container that shows no other sign counts as starting. */
const UP_AFTER_MS = 500;

/** A clock on which containers do not age until a test says so; all shorter waits take their time. */
class HeldClock implements LocalClock {
  readonly #held: (() => void)[] = [];

  now(): number {
    return systemClock.now();
  }

  after(ms: number, callback: () => void): { cancel(): void } {
    if (ms !== UP_AFTER_MS) return systemClock.after(ms, callback);
    this.#held.push(callback);
    return { cancel: () => undefined };
  }

  pass(): void {
    for (const callback of this.#held.splice(0)) callback();
  }
}

describe('tasks that start', () => {
  let local: StartedEcs;
  afterEach(() => local.stop());

  async function startTwo(first: string, clock: LocalClock): Promise<readonly [Task, Task]> {
    local = await startEcs({ clock, settings: { maxStarting: 1 } });
    const begun = await run(local.client, await register(local.client, [shell(first)]));
    await reaches(local.client, begun, 'RUNNING');
    const waiting = await run(local.client, await register(local.client, [shell('sleep 60')]));
    await reaches(local.client, waiting, 'PENDING');
    return [begun, waiting];
  }

  const statusOf = async (task: Task) => (await describeTask(local.client, task))?.lastStatus;

  it('wait in PENDING for those before them, until these have lived for a while', async () => {
    const clock = new HeldClock();
    const [, waiting] = await startTwo('sleep 60', clock);
    await delay(100);
    expect(await statusOf(waiting)).toBe('PENDING');
    clock.pass();
    await reaches(local.client, waiting, 'RUNNING');
  });

  it('wait until these have ended', async () => {
    const [begun, waiting] = await startTwo('sleep 60', new HeldClock());
    await local.client.send(new StopTaskCommand({ task: begun.taskArn }));
    await reaches(local.client, waiting, 'RUNNING');
  });

  it('wait until these have asked for their metadata', async () => {
    const ask = `sleep 0.5; "${process.execPath}" -e 'fetch(process.env.ECS_CONTAINER_METADATA_URI_V4)'; sleep 60`;
    const [begun, waiting] = await startTwo(ask, new HeldClock());
    await reaches(local.client, waiting, 'RUNNING');
    expect(await statusOf(begun)).toBe('RUNNING');
  });

  it('do not start any more when they are stopped while they wait', async () => {
    const [, waiting] = await startTwo('sleep 60', new HeldClock());
    await local.client.send(new StopTaskCommand({ task: waiting.taskArn, reason: 'enough' }));
    const stopped = await reaches(local.client, waiting, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    expect(stopped.startedAt).toBeUndefined();
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'wait for a program that still computes, however long it has lived',
    async () => {
      const clock = new HeldClock();
      const [begun, waiting] = await startTwo('while :; do :; done', clock);
      clock.pass();
      expect(await statusOf(waiting)).toBe('PENDING');
      await local.client.send(new StopTaskCommand({ task: begun.taskArn }));
      await reaches(local.client, waiting, 'RUNNING');
    },
  );
});
