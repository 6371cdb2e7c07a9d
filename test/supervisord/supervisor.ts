import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { supervisordConf } from '../../src/cli/install/supervisord-conf.ts';

/** Whether Debian's `supervisor`, or another 4.x, is on this machine. */
export const hasSupervisord = spawnSync('supervisord', ['--version']).status === 0;

const AGENT = 'slipway-agent';

export interface SupervisorOptions {
  /** agent.yaml. */
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  /** So long a program has to run to count as started; the file's own 10 s would make each restart that long. */
  readonly startSeconds: number;
}

/** supervisord itself, with our configuration of an agent. */
export class Supervisor {
  readonly #folder: string;
  readonly #conf: string;
  /** supervisord.conf as our command prints it. */
  readonly #printed: string;
  readonly #daemon: ChildProcess;

  private constructor(folder: string, printed: string, daemon: ChildProcess) {
    this.#folder = folder;
    this.#conf = join(folder, 'supervisord.conf');
    this.#printed = printed;
    this.#daemon = daemon;
  }

  static async start({ config, env, startSeconds }: SupervisorOptions): Promise<Supervisor> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-sv-'));
    const place = { node: process.execPath, main: resolve('dist/cli/main.js'), config, folder, logFolder: folder };
    const text = supervisordConf(place, { standalone: true });
    const conf = join(folder, 'supervisord.conf');
    await writeFile(conf, text.replaceAll('startsecs=10', `startsecs=${startSeconds}`));
    const daemon = spawn('supervisord', ['-n', '-c', conf], { env: { ...process.env, ...env }, stdio: 'ignore' });
    const supervisor = new Supervisor(folder, text, daemon);
    await supervisor.until('answers', async () => (await supervisor.ctl('pid')).trim() === String(daemon.pid));
    return supervisor;
  }

  /** Has supervisord read the configuration as it was printed, and start the agent by it. */
  async useOwnSeconds(): Promise<void> {
    await writeFile(this.#conf, this.#printed);
    await this.ctl('update');
  }

  /** supervisorctl; its exit code says the state of programs, so only its words count. */
  ctl(...args: readonly string[]): Promise<string> {
    return new Promise((done) => {
      execFile('supervisorctl', ['-c', this.#conf, ...args], (_error, stdout, stderr) => done(stdout + stderr));
    });
  }

  /** `RUNNING`, `STOPPED`, `EXITED`, `FATAL` … */
  async state(): Promise<string> {
    const [, state = ''] = (await this.ctl('status', AGENT)).split(/\s+/);
    return state;
  }

  async untilState(wanted: string): Promise<void> {
    await this.until(`${AGENT} is ${wanted}`, async () => (await this.state()) === wanted);
  }

  /** The agent's process id; 0 while there is none. */
  async pid(): Promise<number> {
    return Number((await this.ctl('pid', AGENT)).trim()) || 0;
  }

  start(): Promise<string> {
    return this.ctl('start', AGENT);
  }

  stop(): Promise<string> {
    return this.ctl('stop', AGENT);
  }

  restart(): Promise<string> {
    return this.ctl('restart', AGENT);
  }

  /** What the agent has written so far. */
  get agentLog(): string {
    return readFileSync(join(this.#folder, `${AGENT}.log`), 'utf8');
  }

  /** What supervisord has written about it. */
  get ownLog(): string {
    return readFileSync(join(this.#folder, 'supervisord.log'), 'utf8');
  }

  async until(what: string, holds: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
    const end = Date.now() + patienceMs;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${this.ownLog}`);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  async close(): Promise<void> {
    const gone = once(this.#daemon, 'exit');
    this.#daemon.kill('SIGTERM');
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
