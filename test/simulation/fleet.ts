import { type AgentPace, DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import type { Workspace } from '../../src/templates/workspace.ts';
import { AgentProcess } from './agent-process.ts';
import type { Scheduled } from './event-queue.ts';
import type { Death } from './faults.ts';
import { ownWorkspace } from './flows.ts';
import type { Process } from './process.ts';
import { Random } from './random.ts';
import type { AgentPlan, Disturbance, Scenario } from './scenario.ts';
import type { Surroundings } from './surroundings.ts';

/** No world here has a schedule. */
export const DAY_MS = 86_400_000;

const PACES: Readonly<Record<Scenario['pace'], AgentPace>> = {
  brisk: { ...DEFAULT_PACE, roundMs: 2_000, queuedMs: 10_000, waitingTicksMs: DAY_MS, beatMs: 10_000 },
  slow: {
    roundMs: 15_000,
    soonestMs: 15_000,
    latestMs: 120_000,
    scanMs: 180_000,
    queuedMs: 60_000,
    reloadMs: 180_000,
    waitingTicksMs: DAY_MS,
    putOffSeconds: DEFAULT_PACE.putOffSeconds,
    beatMs: 20_000,
  },
};

const HOUSEKEEPING_MS: Readonly<Record<Scenario['pace'], number>> = { brisk: 120_000, slow: 240_000 };

/** supervisord's and ECS's patience with a process that was asked to end. */
const KILL_AFTER_MS = 40_000;

type AgentDisturbance = Extract<Disturbance, { readonly agent: string }>;

/** The agents of a world, and what starts them again when they are gone: one process for each at a time. */
export class Fleet {
  readonly #scenario: Scenario;
  readonly #surroundings: Surroundings;
  readonly #workspace: () => Workspace;
  readonly #random: Random;
  readonly #agents = new Map<string, AgentProcess>();
  readonly #returns = new Map<string, Scheduled>();
  readonly #starts = new Map<string, number>();
  readonly #skews = new Map<string, number>();
  #isOver = false;

  constructor(scenario: Scenario, surroundings: Surroundings, workspace: () => Workspace) {
    this.#scenario = scenario;
    this.#surroundings = surroundings;
    this.#workspace = workspace;
    this.#random = new Random(scenario.seed, 'fleet');
  }

  startAll(): void {
    for (const plan of this.#scenario.agents) this.#start(plan);
  }

  /** Whoever is gone is back at once. */
  heal(): void {
    for (const plan of this.#scenario.agents) if (this.#returns.has(plan.name)) this.#start(plan);
  }

  /** Nobody is there any more, and nobody comes back. */
  end(): void {
    this.#isOver = true;
    for (const { process } of this.#agents.values()) process.kill();
  }

  disturb(disturbance: AgentDisturbance): void {
    const agent = this.#agents.get(disturbance.agent);
    if (agent === undefined || !agent.process.isAlive) return;
    switch (disturbance.kind) {
      case 'kill':
        this.#kill(agent, disturbance.backAfterMs);
        break;
      case 'terminate':
        this.#terminate(agent, disturbance.backAfterMs);
        break;
      case 'pause':
        agent.process.pause(disturbance.forMs);
        this.#tell(disturbance.agent, `paused for ${disturbance.forMs} ms`);
        break;
      case 'skew':
        agent.process.skewMs = disturbance.skewMs;
        this.#skews.set(disturbance.agent, disturbance.skewMs);
        this.#tell(disturbance.agent, `clock moves to ${disturbance.skewMs} ms`);
        break;
      default:
        disturbance satisfies never;
    }
  }

  /** A process has died in the middle of a call. */
  died(process: Process, { awayMs }: Death): void {
    const agent = this.#agents.get(process.name);
    if (agent?.process === process) this.#kill(agent, awayMs ?? this.#random.magnitude(1_000, 600_000));
  }

  #start(plan: AgentPlan): void {
    if (this.#isOver) return;
    const { name } = plan;
    this.#cancelReturn(name);
    this.#agents.get(name)?.process.kill();
    const agent = new AgentProcess({
      surroundings: this.#surroundings,
      plan: { ...plan, skewMs: this.#skews.get(name) ?? plan.skewMs },
      workspace: ownWorkspace(this.#workspace(), plan, this.#workspace),
      pace: PACES[this.#scenario.pace],
      housekeepingMs: HOUSEKEEPING_MS[this.#scenario.pace],
    });
    this.#agents.set(name, agent);
    const starts = (this.#starts.get(name) ?? 0) + 1;
    this.#starts.set(name, starts);
    this.#surroundings.history.add(name, { kind: 'started', text: `start ${starts}` });
    agent.run().then(
      () => this.#ended(agent, 'ended'),
      (error: unknown) => this.#ended(agent, 'failed', String(error)),
    );
  }

  /** An agent ends only when it is asked to; what starts it, starts it again. */
  #ended({ process }: AgentProcess, kind: 'ended' | 'failed', text = ''): void {
    this.#surroundings.history.add(process.name, { kind, text });
    process.kill();
    if (!this.#returns.has(process.name)) this.#comeBack(process.name, 1_000);
  }

  #kill({ process }: AgentProcess, backAfterMs: number): void {
    process.kill();
    this.#surroundings.history.add(process.name, { kind: 'killed', text: `back in ${backAfterMs} ms` });
    this.#comeBack(process.name, backAfterMs);
  }

  #terminate(agent: AgentProcess, backAfterMs: number): void {
    this.#tell(agent.process.name, 'SIGTERM');
    this.#comeBack(agent.process.name, KILL_AFTER_MS + backAfterMs);
    agent.terminate();
    this.#surroundings.queue.in(KILL_AFTER_MS, () => {
      if (agent.process.isAlive && !this.#isOver) this.#kill(agent, backAfterMs);
    });
  }

  #comeBack(name: string, afterMs: number): void {
    this.#cancelReturn(name);
    const plan = this.#scenario.agents.find((agent) => agent.name === name);
    if (plan === undefined) return;
    const due = this.#surroundings.queue.in(afterMs, () => this.#start(plan));
    this.#returns.set(name, due);
  }

  #cancelReturn(name: string): void {
    const due = this.#returns.get(name);
    if (due) due.cancelled = true;
    this.#returns.delete(name);
  }

  #tell(name: string, text: string): void {
    this.#surroundings.history.add(name, { kind: 'world', text });
  }
}
