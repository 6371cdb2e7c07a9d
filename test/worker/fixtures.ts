import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Intent, StartingRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { type Clock, systemClock } from '../../src/service/clock.ts';
import { silentLog } from '../../src/service/log.ts';
import type { WorkerEnv } from '../../src/worker/env.ts';
import type { ModuleDeps } from '../../src/worker/run-module.ts';
import type { Stopping } from '../../src/worker/stopping.ts';
import { runFacts } from '../fakes/runs.ts';

export const TASK = 'arn:aws:ecs:us-east-1:123456789012:task/main/0123456789abcdef0123456789abcdef';
export const OWN = { runId: 'run-1', attempt: 1, taskArn: TASK };
export const NOW = 1_800_000_000_000;

export const intent: Intent = {
  request: { cluster: 'main', clientToken: 't', startedBy: 'slipway/run-1/1', taskDefinition: 'hello:1' },
  container: 'flow',
  worker: true,
  policy: DEFAULT_POLICY,
  createdAt: NOW,
};

export function startingRun(over: Partial<StartingRun> = {}): StartingRun {
  return { ...runFacts(), status: 'STARTING', intent, task: { taskArn: TASK, launchedAt: NOW }, ...over };
}

export function workerEnv(over: Partial<WorkerEnv> = {}): WorkerEnv {
  return {
    runId: 'run-1',
    attempt: 1,
    flow: 'hello',
    flowVersion: '1',
    org: 'default',
    parameters: { kind: 'inline', values: { name: 'Ann' } },
    depPackages: [],
    table: 'slipway',
    logLevel: 'info',
    metadataUri: 'http://127.0.0.1:1/v4/x',
    ...over,
  };
}

/** A clock on which every sleep is over at once, and has taken its time. */
export function hastyClock(): Clock {
  let now = NOW;
  return {
    now: () => now,
    monotonic: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

/** A stream that keeps what is written to it. */
export class Capture extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A stop that a test asks for. */
export class TestStopping implements Stopping {
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();
  readonly signal = this.#stop.signal;
  readonly hurry = this.#hurry.signal;

  by(): NodeJS.Signals {
    return 'SIGTERM';
  }

  ask(): void {
    (this.signal.aborted ? this.#hurry : this.#stop).abort();
  }
}

export interface TestDeps extends ModuleDeps {
  readonly stopping: TestStopping;
  readonly stdout: Capture;
  readonly stderr: Capture;
  readonly ownPackage: string;
}

/** What running real processes takes; `dist` is built before the tests. */
export function processDeps(over: Partial<ModuleDeps> = {}): TestDeps {
  return {
    clock: systemClock,
    log: silentLog,
    flowProcess: join(import.meta.dirname, '../../dist/worker/flow-process.js'),
    ownPackage: join(import.meta.dirname, '../..'),
    ...over,
    stopping: new TestStopping(),
    stdout: new Capture(),
    stderr: new Capture(),
  };
}

/** Waits until it is so, however slow the machine is; the test's own time limit ends a wait in vain. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock.sleep(10, new AbortController().signal);
}
