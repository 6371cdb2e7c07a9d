import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentPace } from '../../src/agent/agent-pace.ts';
import type { CrashBench } from './crash-bench.ts';

/** Quick enough for a matrix, slow enough for a dozen idle agents on two processors. */
const PACE: AgentPace = {
  roundMs: 100,
  soonestMs: 150,
  latestMs: 500,
  scanMs: 1_000,
  queuedMs: 1_000,
  reloadMs: 3_600_000,
  waitingTicksMs: 1_000,
  putOffSeconds: 1,
  beatMs: 500,
};

export interface AgentPlace {
  readonly configRef: string;
  readonly queueUrl: string;
  readonly table: string;
  readonly leaseMs: number;
  readonly pace?: Partial<AgentPace>;
}

let started = 0;

/** An agent that runs as a process of its own, and signs its calls with an access key of its own. */
export class AgentProcess {
  /** The access key id: whose call it is that local AWS sees. */
  readonly key: string;
  readonly name: string;
  readonly #process: ChildProcess;
  #killed: Promise<unknown> | undefined;

  constructor(bench: CrashBench, name: string, place: AgentPlace) {
    started += 1;
    this.key = `AGENT${String(started).padStart(6, '0')}`;
    this.name = name;
    const { pace, ...rest } = place;
    const given = { ...rest, name, endpoint: bench.aws.url, pace: { ...PACE, ...pace } };
    const log = openSync(join(bench.folder, 'agents.log'), 'a');
    this.#process = spawn(process.execPath, [bench.programs.agent, JSON.stringify(given)], {
      env: { ...process.env, AWS_ACCESS_KEY_ID: this.key, AWS_SECRET_ACCESS_KEY: 'test' },
      stdio: ['pipe', log, log],
    });
    closeSync(log);
  }

  get isAlive(): boolean {
    return this.#killed === undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Resolves when the process is gone. */
  kill(): Promise<unknown> {
    this.#killed ??= this.#end('SIGKILL');
    return this.#killed;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exited;
  }
}
