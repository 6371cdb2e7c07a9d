import type { Failure, StopCode } from './state/records.ts';

/** Which of the matching launches, events or exits a fault meets: from the `nth` (1) on, `times` (1) of them. */
export interface Occurrence {
  readonly nth?: number;
  readonly times?: number;
  /** Only tasks of this family. */
  readonly family?: string;
  /** Only tasks with this `startedBy`. */
  readonly startedBy?: string;
}

export interface CapacityFault extends Occurrence {
  readonly reason?: string;
  readonly detail?: string;
  /** The task starts all the same and the answer does not say so: it has been seen on ECS. */
  readonly startTaskAnyway?: boolean;
}

export interface StartFault extends Occurrence {
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
  /** What is told of the containers: none at all, or all of them without an exit code (default). Both have been seen. */
  readonly containers?: 'empty' | 'no-exit-code';
}

export interface ExitFault extends Occurrence {
  /** Only containers of this name. */
  readonly container?: string;
  /** What is told instead of the real exit code; undefined: none. */
  readonly exitCode: number | undefined;
  readonly reason?: string;
}

export interface InjectedContainer extends Occurrence {
  readonly name: string;
}

export interface DuplicateEvents extends Occurrence {
  /** How many more copies are sent; 1 if left out. */
  readonly copies?: number;
}

/** What befalls one event. */
export interface EventFate {
  readonly isLost: boolean;
  readonly isOvertaken: boolean;
  readonly extraCopies: number;
}

/** Whose launch, event or exit it is. */
export interface Subject {
  readonly family: string;
  readonly startedBy?: string | undefined;
}

/** What faults can do to tasks that live already. */
export interface LiveTasks {
  stop(arn: string, stopCode: StopCode, stoppedReason: string): void;
  outOfMemory(arn: string, container: string | undefined): void;
  forget(arn: string): void;
}

const CAPACITY_REASON =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';

/** Things that go wrong in ECS itself, beyond what any service's transport can suffer. Each planned one can be taken back. */
export class EcsFaults {
  readonly #capacity = new Planned<CapacityFault>();
  readonly #start = new Planned<StartFault>();
  readonly #exit = new Planned<ExitFault>();
  readonly #injected = new Planned<InjectedContainer>();
  readonly #lost = new Planned<Occurrence>();
  readonly #duplicated = new Planned<DuplicateEvents>();
  readonly #overtaken = new Planned<Occurrence>();
  readonly #live: LiveTasks;

  constructor(live: LiveTasks) {
    this.#live = live;
  }

  /** RunTask answers with an entry in `failures[]` instead of a task, once per task that was asked for. */
  capacityFailure(fault: CapacityFault = {}): () => void {
    return this.#capacity.add(fault);
  }

  /** Tasks stop before their containers have started. */
  startFailure(fault: StartFault = {}): () => void {
    return this.#start.add(fault);
  }

  /** Another exit code, or none, is told than the container's own. */
  exitCode(fault: ExitFault): () => void {
    return this.#exit.add(fault);
  }

  /** Tasks get a container that is not in their definition, as runtime monitoring adds one. */
  injectContainer(fault: InjectedContainer = { name: 'aws-guardduty-agent-a1b2c3d' }): () => void {
    return this.#injected.add(fault);
  }

  loseEvents(fault: Occurrence = {}): () => void {
    return this.#lost.add(fault);
  }

  duplicateEvents(fault: DuplicateEvents = {}): () => void {
    return this.#duplicated.add(fault);
  }

  /** Each event that is met comes after the next one that is not. */
  reorderEvents(fault: Occurrence = {}): () => void {
    return this.#overtaken.add(fault);
  }

  /** Spot takes the task's capacity back: SIGTERM, then SIGKILL when its stop timeout is over. */
  spotInterruption(taskArn: string): void {
    this.#live.stop(taskArn, 'SpotInterruption', 'Your Spot Task was interrupted.');
  }

  /** ECS stops the task for a reason of its own. */
  stopTask(taskArn: string, stopCode: StopCode, stoppedReason: string): void {
    this.#live.stop(taskArn, stopCode, stoppedReason);
  }

  /** The container, or the first essential one that runs, is killed for the memory it uses. */
  outOfMemory(taskArn: string, container?: string): void {
    this.#live.outOfMemory(taskArn, container);
  }

  /** The API and the events know nothing of the task any more; its processes go on. */
  forget(taskArn: string): void {
    this.#live.forget(taskArn);
  }

  /** Takes all planned faults back. */
  clear(): void {
    const all = [
      this.#capacity,
      this.#start,
      this.#exit,
      this.#injected,
      this.#lost,
      this.#duplicated,
      this.#overtaken,
    ];
    for (const planned of all) planned.clear();
  }

  /** What happens to one task that RunTask is about to place. */
  capacity(subject: Subject): { readonly failure: Failure; readonly startTaskAnyway: boolean } | undefined {
    const fault = this.#capacity.meet(subject);
    if (!fault) return undefined;
    const { reason = CAPACITY_REASON, detail, startTaskAnyway = false } = fault;
    return { failure: { reason, ...(detail === undefined ? {} : { detail }) }, startTaskAnyway };
  }

  start(subject: Subject): StartFault | undefined {
    return this.#start.meet(subject);
  }

  exit(subject: Subject, container: string): ExitFault | undefined {
    return this.#exit.meet(subject, (fault) => fault.container === undefined || fault.container === container);
  }

  /** Names of the containers that a call's tasks get besides their own. */
  injectedContainers(subject: Subject): readonly string[] {
    const fault = this.#injected.meet(subject);
    return fault ? [fault.name] : [];
  }

  eventFate(subject: Subject): EventFate {
    const isLost = this.#lost.meet(subject) !== undefined;
    const isOvertaken = this.#overtaken.meet(subject) !== undefined;
    const duplicated = this.#duplicated.meet(subject);
    return { isLost, isOvertaken, extraCopies: duplicated ? (duplicated.copies ?? 1) : 0 };
  }
}

/** Faults that wait for their occurrence. */
class Planned<Fault extends Occurrence> {
  #entries: { readonly fault: Fault; seen: number }[] = [];

  add(fault: Fault): () => void {
    const entry = { fault, seen: 0 };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** Counts the occurrence for every fault that matches; the first that is due meets it. */
  meet(subject: Subject, matches: (fault: Fault) => boolean = () => true): Fault | undefined {
    let met: Fault | undefined;
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (!concerns(fault, subject) || !matches(fault)) continue;
      entry.seen += 1;
      const first = fault.nth ?? 1;
      if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) met ??= fault;
    }
    return met;
  }
}

function concerns({ family, startedBy }: Occurrence, subject: Subject): boolean {
  if (family !== undefined && family !== subject.family) return false;
  return startedBy === undefined || startedBy === subject.startedBy;
}
