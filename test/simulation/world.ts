import type { Task } from '@aws-sdk/client-ecs';
import type { Workspace } from '../../src/templates/workspace.ts';
import { BEGINNING, EventQueue } from './event-queue.ts';
import { type Death, Faults } from './faults.ts';
import { Fleet } from './fleet.ts';
import { FLOWS, workspaceOf } from './flows.ts';
import { History } from './history.ts';
import { type Mutant, NO_MUTANT } from './mutant.ts';
import { LATEST_COPY_MS, scheduleOperator } from './operator.ts';
import type { Process } from './process.ts';
import type { Disturbance, Scenario } from './scenario.ts';
import { EcsService } from './services/ecs-service.ts';
import { EventBus } from './services/event-bus.ts';
import { QueueService } from './services/queue-service.ts';
import { TableService } from './services/table-service.ts';
import type { Container, SimulatedTask } from './services/task.ts';
import { isEverythingOver, type Story, storyOf } from './story.ts';
import type { Surroundings } from './surroundings.ts';
import { Wire } from './wire.ts';
import { startPlainContainer, WorkerProcess } from './worker-process.ts';

/** Without faults everything comes to its end in this time: a lost task alone takes 65 minutes to be given up. */
const PATIENCE_MS = 6 * 3_600_000;
const LOOK_EVERY_MS = 20_000;

const SIGKILLED = 137;

/** Lets a scenario happen from its beginning until everything is at rest, or long past the time when it should be. */
export async function simulate(scenario: Scenario, mutant: Mutant = NO_MUTANT): Promise<Story> {
  const { hasEvents, disturbances } = scenario;
  const deployments = 1 + disturbances.filter(({ kind }) => kind === 'redeploy').length;
  const wish = { hasEvents, needsNoRecord: mutant.needsNoRecord === true };
  const loading = Array.from({ length: deployments }, (_, index) => workspaceOf({ ...wish, deployment: index + 1 }));
  return new World(scenario, mutant, await Promise.all(loading)).run();
}

class World {
  readonly #scenario: Scenario;
  readonly #queue = new EventQueue();
  readonly #history = new History(() => this.#queue.now);
  readonly #faults: Faults;
  readonly #surroundings: Surroundings;
  readonly #fleet: Fleet;
  readonly #workers = new Map<Process, () => void>();
  /** One for each version of the templates. */
  readonly #workspaces: readonly Workspace[];
  #deployment = 0;
  #isOver = false;
  #convergedAt: number | undefined;

  constructor(scenario: Scenario, mutant: Mutant, workspaces: readonly Workspace[]) {
    this.#scenario = scenario;
    this.#workspaces = workspaces;
    this.#faults = new Faults(scenario, this.#queue);
    this.#surroundings = this.#build(mutant);
    this.#fleet = new Fleet(scenario, this.#surroundings, () => this.#workspace());
  }

  async run(): Promise<Story> {
    const { disturbances, faultsEndMs } = this.#scenario;
    this.#fleet.startAll();
    for (const disturbance of disturbances) this.#queue.in(disturbance.atMs, () => this.#disturb(disturbance));
    scheduleOperator(this.#scenario, this.#surroundings);
    this.#queue.in(faultsEndMs, () => this.#heal());
    this.#lookIn(LOOK_EVERY_MS);
    await this.#queue.drive(() => this.#isOver);
    // What is still to happen happens, now that nobody is there any more who would clear up after it.
    this.#fleet.end();
    await this.#queue.drive(() => false);
    return storyOf(this.#scenario, this.#surroundings, this.#faults, this.#convergedAt);
  }

  #build(mutant: Mutant): Surroundings {
    const { seed, habits, runs } = this.#scenario;
    const [queue, history] = [this.#queue, this.#history];
    const events = new QueueService(queue, undefined, { seed, ...habits });
    const eventBus = new EventBus(queue, events, this.#scenario);
    return {
      seed,
      queue,
      history,
      wire: new Wire(queue, this.#faults, (process, death) => this.#died(process, death)),
      requests: new QueueService(queue, history, { seed, ...habits }),
      events,
      told: eventBus.told,
      files: new Map(),
      table: new TableService(queue, history, { seed, ...habits, ...mutant.table }),
      ecs: new EcsService({
        seed,
        queue,
        history,
        habits,
        fixed: (startedBy) => runs.find(({ id }) => startedBy.split('/')[1] === id)?.task ?? {},
        startContainer: (task, onExit) => this.#startContainer(task, onExit),
        onChange: (task: Task) => eventBus.tell(task),
      }),
      mutant,
    };
  }

  #heal(): void {
    const { requests, events, table, ecs } = this.#surroundings;
    this.#history.add('world', { kind: 'world', text: 'faults end' });
    this.#faults.end();
    for (const service of [requests, events, table, ecs]) service.quieten();
    this.#fleet.heal();
  }

  #lookIn(ms: number): void {
    this.#queue.in(ms, () => {
      const at = this.#queue.now - BEGINNING;
      if (at >= lastPlanned(this.#scenario) && isEverythingOver(this.#surroundings, this.#history)) {
        this.#convergedAt = this.#queue.now;
        this.#isOver = true;
      } else if (at > this.#scenario.faultsEndMs + PATIENCE_MS) {
        this.#isOver = true;
      } else {
        this.#lookIn(LOOK_EVERY_MS);
      }
    });
  }

  #workspace(): Workspace {
    const workspace = this.#workspaces[this.#deployment];
    if (workspace === undefined) throw new Error('more deployments than were planned');
    return workspace;
  }

  #disturb(disturbance: Disturbance): void {
    if (disturbance.kind === 'redeploy') this.#redeploy();
    else if (disturbance.kind === 'stop-task') this.#stopTaskByHand(disturbance.run);
    else this.#fleet.disturb(disturbance);
  }

  #redeploy(): void {
    this.#deployment += 1;
    this.#history.add('operator', { kind: 'world', text: `templates change to version ${this.#deployment + 1}` });
  }

  #stopTaskByHand(run: string): void {
    const isItsTask = (task: SimulatedTask) => task.isWanted && task.facts.startedBy.split('/')[1] === run;
    const task = this.#surroundings.ecs.tasks.find(isItsTask);
    if (task === undefined) return;
    this.#history.add('somebody', { kind: 'stop-asked', taskArn: task.facts.taskArn, reason: 'stopped by hand' });
    task.stop('UserInitiated', 'stopped by hand');
  }

  /** In the middle of a call of its own. */
  #died(process: Process, death: Death): void {
    const dieAsWorker = this.#workers.get(process);
    if (dieAsWorker) dieAsWorker();
    else this.#fleet.died(process, death);
  }

  #startContainer(task: SimulatedTask, onExit: (exitCode: number) => void): Container {
    const flow = task.facts.family.replace('slipway-', '');
    if (!FLOWS[flow]?.worker) return startPlainContainer(this.#surroundings, task, onExit);
    const worker = new WorkerProcess(this.#surroundings, task, onExit);
    this.#workers.set(worker.process, () => {
      worker.kill();
      onExit(SIGKILLED);
    });
    return worker;
  }
}

/** The last moment at which the scenario itself does something. */
function lastPlanned({ runs, disturbances, outages }: Scenario): number {
  return Math.max(
    0,
    ...runs.map(({ atMs, cancelAtMs = 0 }) => Math.max(atMs + LATEST_COPY_MS, cancelAtMs)),
    ...disturbances.map(({ atMs }) => atMs),
    ...outages.map(({ untilMs }) => untilMs),
  );
}
