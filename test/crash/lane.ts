import { setTimeout as sleep } from 'node:timers/promises';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { type FlowRun, isFinished } from '../../src/core/run.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { HeldCallGoes, HoldMoment, RecordedCall } from '../../src/local/faults.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { AGENT_YAML, writeConfig } from '../whole/config.ts';
import { type AgentPlace, AgentProcess } from './agent-process.ts';
import type { Cell, Moment } from './cells.ts';
import type { CrashBench } from './crash-bench.ts';
import { CRASH_CALLS, type CrashCall } from './crash-calls.ts';
import { missTick } from './missed-tick.ts';
import { type CrashScenario, SCENARIOS } from './scenarios.ts';
import { isOutOfOutbox, toldSinks, wrongInTelling } from './told-of.ts';

/** What became of one death. */
export interface CellOutcome {
  readonly cell: Cell;
  readonly tookMs: number;
  /** Undefined when everything ended as it must. */
  readonly wrong: string | undefined;
}

/** A message that was put on a queue. */
export interface SentMessage {
  readonly messageId: string;
  readonly body: string;
}

const VISIBILITY_SECONDS = 2;
const LEASE_MS = 2_000;
/** So long a call that was sent by a dead agent is still on its way. */
const LATE_MS = 700;
/** So long the agent that has its answer may go on, unheard. */
const UNHEARD_MS = 15;
const POLL_MS = 50;
const DEADLINE_MS = 180_000;

const HOLDS = {
  before: 'arrival',
  sent: 'arrival',
  executed: 'execution',
  answered: 'answer',
} as const satisfies Record<Moment, HoldMoment>;

/** A queue, a table and one or two agents, on which cells are tried one after the other. */
export class Lane {
  readonly sent: SentMessage[] = [];
  readonly #bench: CrashBench;
  readonly #store: RunStore;
  readonly #place: AgentPlace;
  readonly #names: readonly string[];
  #agents: AgentProcess[] = [];

  private constructor(bench: CrashBench, place: AgentPlace, names: readonly string[]) {
    this.#bench = bench;
    this.#place = place;
    this.#names = names;
    this.#store = connectAws(bench.options).runs(place.table);
  }

  static async open(bench: CrashBench, name: string, agents: 1 | 2, cells: readonly Cell[]): Promise<Lane> {
    await bench.createTable(name);
    const queueUrl = await bench.createQueue(name, VISIBILITY_SECONDS);
    const flows = cells.map(({ id, scenario }) => [`flows/${id}.yaml`, flowOf(bench, id, SCENARIOS[scenario])]);
    const isToldOf = ({ scenario }: Cell) => 'isTold' in SCENARIOS[scenario];
    const agent = cells.some(isToldOf) ? { 'agent.yaml': `${AGENT_YAML}${toldSinks('told-*')}` } : {};
    const configRef = writeConfig({ ...TEMPLATE, ...agent, ...Object.fromEntries(flows) });
    const names = Array.from({ length: agents }, (_, index) => `${name}-agent-${index + 1}`);
    return new Lane(bench, { configRef, queueUrl, table: name, leaseMs: LEASE_MS }, names);
  }

  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.kill()));
  }

  async try(cell: Cell): Promise<CellOutcome> {
    const began = performance.now();
    const wrong = await this.#try(cell).catch((error: unknown) => String(error));
    return { cell, wrong, tookMs: Math.round(performance.now() - began) };
  }

  async #try(cell: Cell): Promise<string | undefined> {
    const scenario: CrashScenario = SCENARIOS[cell.scenario];
    const { faults, ecsFaults } = this.#bench.aws;
    const { operations, matching, byFreshAgent }: CrashCall = CRASH_CALLS[cell.call];
    if (byFreshAgent || scenario.isScheduled) await Promise.all(this.#agents.map((agent) => agent.kill()));
    const runId = scenario.isScheduled ? await this.#missTick(cell.id, scenario) : cell.id;
    const dead: AgentProcess[] = [];
    const disarm = operations.map((operation) =>
      faults.add({
        operation,
        nth: 1,
        // One death to a cell, whichever of the operations brings it.
        matching: (call) =>
          dead.length === 0 && this.#callerOf(call) !== undefined && (matching === undefined || matching(call)),
        fault: { kind: 'hold', at: HOLDS[cell.moment], until: (call) => this.#die(call, cell.moment, dead) },
      }),
    );
    scenario.trouble?.(ecsFaults, `slipway-${cell.id}`);
    const request = { flow: cell.id, runId };
    for (const body of scenario.bodies?.(request) ?? [request]) await this.#send(body);
    this.#fill();
    const cancelled = scenario.cancelAt === undefined ? undefined : this.#cancel(runId, scenario.cancelAt);
    try {
      await eventually(() => dead.length > 0, `nobody came to "${cell.call}"`);
      if (this.#names.length === 1) this.#fill();
      await cancelled;
      return await this.#converged(cell.id, runId, scenario);
    } finally {
      for (const takeBack of disarm) takeBack();
      this.#fill();
    }
  }

  /** Kills whoever makes the held call, and says what becomes of the call. */
  async #die(call: RecordedCall, moment: Moment, dead: AgentProcess[]): Promise<HeldCallGoes> {
    const agent = this.#callerOf(call);
    if (agent === undefined) return 'on';
    if (moment === 'answered') {
      // It has its answer; whatever it says after that never arrives.
      this.#bench.aws.faults.add({
        operation: '*',
        matching: ({ caller }) => caller === agent.key,
        fault: { kind: 'lose-request' },
      });
      await sleep(UNHEARD_MS);
    }
    await agent.kill();
    dead.push(agent);
    if (moment === 'sent') await sleep(LATE_MS);
    return moment === 'before' ? 'away' : 'on';
  }

  #callerOf({ caller }: Pick<RecordedCall, 'caller'>): AgentProcess | undefined {
    return this.#agents.find((agent) => agent.isAlive && agent.key === caller);
  }

  /** As many agents as there ought to be. */
  #fill(): void {
    this.#agents = this.#agents.filter(({ isAlive }) => isAlive);
    for (const name of this.#names) {
      if (!this.#agents.some((agent) => agent.name === name)) {
        this.#agents.push(new AgentProcess(this.#bench, name, this.#place));
      }
    }
  }

  async #send(body: object | string): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { MessageId: messageId = '' } = await this.#bench.sqs.send(
      new SendMessageCommand({ QueueUrl: this.#place.queueUrl, MessageBody: text }),
    );
    this.sent.push({ messageId, body: text });
  }

  async #cancel(runId: string, at: FlowRun['status']): Promise<void> {
    await eventually(async () => (await this.#store.get(runId))?.status === at, `it was never ${at}`);
    await cancelRun(this.#store, { runId, by: 'somebody', reason: 'no longer wanted', now: Date.now() });
  }

  #missTick(flow: string, scenario: CrashScenario): Promise<string> {
    return missTick(this.#bench, this.#place, flow, flowOf(this.#bench, flow, scenario));
  }

  /** Waits for the run's end, an empty queue and no task; says what is not as it must be. */
  async #converged(flow: string, runId: string, { ends, isTold }: CrashScenario): Promise<string | undefined> {
    const over = async (): Promise<boolean> => {
      const run = await this.#store.get(runId);
      const atRest =
        run !== undefined && isFinished(run) && (await this.#depth()) === 0 && !(await this.#hasTasks(flow));
      return atRest && (!isTold || (await isOutOfOutbox(this.#bench, this.#place.table, runId)));
    };
    await eventually(over, 'it has not come to rest').catch(async (error: unknown) => {
      const run = await this.#store.get(runId);
      const tasks = (await this.#hasTasks(flow)) ? 'tasks' : 'no tasks';
      throw new Error(`${String(error)}: ${run?.status ?? 'no run'}, ${await this.#depth()} messages, ${tasks}`);
    });
    const run = await this.#store.get(runId);
    if (run === undefined || !isFinished(run)) return 'no run';
    const { runs } = await this.#store.list({ flow, until: Date.now() + 1_000, limit: 10 });
    if (runs.length !== 1) return `it made ${runs.length} runs`;
    const holders = await this.#store.slotHolders(`flow/${flow}`);
    if (holders.length > 0) return `it left a place taken by ${holders.join(', ')}`;
    const { status, attempt, reason } = run;
    const is = `${status} ${reason.code} in attempt ${attempt}`;
    const must = `${ends.status} ${ends.code} in attempt ${ends.attempt}`;
    if (is !== must) return `it ended as ${is} instead of ${must}`;
    return isTold ? wrongInTelling(this.#bench.aws.faults.recorded(), runId) : undefined;
  }

  async #depth(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#bench.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#place.queueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  async #hasTasks(flow: string): Promise<boolean> {
    const { taskArns = [] } = await this.#bench.ecs.send(
      new ListTasksCommand({ cluster: 'default', family: `slipway-${flow}` }),
    );
    return taskArns.length > 0;
  }
}

const TEMPLATE = {
  'task-definition.yaml': 'networkMode: awsvpc\ncontainerDefinitions: [{ name: flow, stopTimeout: 2 }]\n',
};

function flowOf(bench: CrashBench, id: string, scenario: CrashScenario): string {
  return `flow: ${id}\nversion: "1"\n${scenario.flow(bench.flows)}\n`;
}

/** Looks again and again; a look that fails, on a machine that is too busy to answer in time, is one that saw nothing. */
async function eventually(condition: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  let trouble: unknown;
  while (performance.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (error) {
      trouble = error;
    }
    await sleep(POLL_MS);
  }
  throw new Error(trouble === undefined ? otherwise : `${otherwise} (${String(trouble)})`);
}
