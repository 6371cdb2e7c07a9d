import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowRun, isFinished } from '../../src/core/run.ts';
import { freePort } from '../free-port.ts';
import { Stage } from '../whole/stage.ts';
import { Supervisor } from './supervisor.ts';
import { TcpGate } from './tcp-gate.ts';

/** A flow that leaves a line for each time it is run. */
const COUNTED = `
flow: counted
version: "1"
runConfig: { image: busybox, command: [sh, -c, "echo $SLIPWAY_RUN_ID >> $TALLY"] }
`;

/** Local AWS behind a gate, and an agent that supervisord keeps. */
export class SupervisedStage {
  readonly stage: Stage;
  readonly gate: TcpGate;
  readonly supervisor: Supervisor;
  readonly #tallyFolder: string;
  readonly #httpUrl: string;
  #sent = 0;

  private constructor(stage: Stage, gate: TcpGate, supervisor: Supervisor, tallyFolder: string, httpUrl: string) {
    this.stage = stage;
    this.gate = gate;
    this.supervisor = supervisor;
    this.#tallyFolder = tallyFolder;
    this.#httpUrl = httpUrl;
  }

  static async open(startSeconds: number): Promise<SupervisedStage> {
    const tallyFolder = mkdtempSync(join(tmpdir(), 'slipway-tally-'));
    const stage = await Stage.open({ 'flows/counted.yaml': COUNTED });
    const gate = await TcpGate.open(stage.aws.url);
    const httpUrl = `http://127.0.0.1:${await freePort()}`;
    const supervisor = await Supervisor.start({
      config: stage.configRef,
      startSeconds,
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL: gate.url,
        SLIPWAY_QUEUE_URL: stage.queueUrl,
        SLIPWAY_ENV: `TALLY=${join(tallyFolder, 'tally')}`,
        SLIPWAY_AGENT_ADDRESS: httpUrl,
      },
    });
    return new SupervisedStage(stage, gate, supervisor, tallyFolder, httpUrl);
  }

  get sent(): number {
    return this.#sent;
  }

  /** What the agent's /readyz names as failing. */
  async failing(): Promise<readonly string[]> {
    const report: { failing: string[] } = JSON.parse(await (await fetch(`${this.#httpUrl}/readyz`)).text());
    return report.failing;
  }

  /** Sends a message for a run of its own. */
  async send(): Promise<void> {
    this.#sent += 1;
    await this.stage.send({ flow: 'counted', runId: `run-${this.#sent}` });
  }

  /** Waits until so many runs have ended. */
  async untilEnded(count: number, patienceMs = 60_000): Promise<readonly FlowRun[]> {
    let runs: readonly FlowRun[] = [];
    const areEnded = async () => {
      runs = (await this.stage.runs()).filter(isFinished);
      return runs.length >= count;
    };
    await this.supervisor.until(`${count} runs have ended`, areEnded, patienceMs);
    return runs;
  }

  /** How often each run's program has run. */
  executions(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const lines = readFileSync(join(this.#tallyFolder, 'tally'), 'utf8').trim().split('\n');
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  async close(): Promise<void> {
    await this.supervisor.close();
    await this.gate.shut();
    await this.stage.close();
    rmSync(this.#tallyFolder, { recursive: true, force: true });
  }
}
