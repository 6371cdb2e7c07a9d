import type { RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import type { EventQueue, Scheduled } from '../event-queue.ts';
import type { History } from '../history.ts';
import type { TaskBehaviour } from './task-behaviour.ts';

/** What runs inside a task: our worker, or somebody's program. */
export interface Container {
  /** SIGTERM. */
  terminate(): void;
  /** SIGKILL: it is gone when this returns. */
  kill(): void;
}

export interface TaskFacts {
  readonly taskArn: string;
  readonly cluster: string;
  readonly family: string;
  readonly startedBy: string;
  readonly container: string;
  /** As RunTask was given them: DescribeTasks shows them. */
  readonly overrides: RunTaskCommandInput['overrides'];
}

export interface TaskContext {
  readonly queue: EventQueue;
  readonly history: History;
  /** Starts the container; `onExit` is told its exit code, unless it was killed. */
  readonly startContainer: (task: SimulatedTask, onExit: (exitCode: number) => void) => Container;
  /** Told of every change: EventBridge's "ECS Task State Change". */
  readonly onChange: (task: Task) => void;
}

/** Between SIGTERM and SIGKILL (API StopTask; Spot gives two minutes). */
const STOP_TIMEOUT_MS = 30_000;
const SPOT_NOTICE_MS = 120_000;
const SIGKILLED = 137;

/** One task of ECS from PROVISIONING to STOPPED. */
export class SimulatedTask {
  readonly facts: TaskFacts;
  readonly behaviour: TaskBehaviour;
  readonly createdAt: number;
  stoppedAt: number | undefined;
  #context: TaskContext;
  #version = 1;
  #lastStatus = 'PROVISIONING';
  #desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING';
  #stop: { readonly code: string; readonly reason: string } | undefined;
  #startedAt: number | undefined;
  #exitCode: number | undefined;
  #container: Container | undefined;
  #hasRestarted = false;
  readonly #start: Scheduled | undefined;
  #before: Task | undefined;
  #changedAt: number;

  constructor(facts: TaskFacts, behaviour: TaskBehaviour, context: TaskContext) {
    this.facts = facts;
    this.behaviour = behaviour;
    this.#context = context;
    this.createdAt = context.queue.now;
    this.#changedAt = this.createdAt;
    if (!behaviour.isStuck) this.#start = context.queue.in(behaviour.provisionMs, () => this.#begin());
  }

  get isStopped(): boolean {
    return this.stoppedAt !== undefined;
  }

  get isWanted(): boolean {
    return this.#desiredStatus === 'RUNNING';
  }

  /** StopTask, or what else ends a task from outside. */
  stop(code: string, reason: string, noticeMs = STOP_TIMEOUT_MS): void {
    if (!this.isWanted) return;
    this.#change(() => {
      this.#desiredStatus = 'STOPPED';
      this.#stop = { code, reason };
    });
    if (this.#start) this.#start.cancelled = true;
    if (this.#container === undefined) this.#stopIn(this.behaviour.endingMs);
    else {
      this.#container.terminate();
      this.#context.queue.in(noticeMs, () => this.#kill());
    }
  }

  /** As DescribeTasks shows it; with `stale`, as it was before its last change, if that is not long ago. */
  describe(stale: boolean): Task {
    const isFresh = this.#context.queue.now - this.#changedAt < 10_000;
    return stale && isFresh && this.#before ? this.#before : this.#now();
  }

  #begin(): void {
    const { startFailure, fate } = this.behaviour;
    if (startFailure) {
      this.#change(() => {
        this.#desiredStatus = 'STOPPED';
        this.#stop = { code: 'TaskFailedToStart', reason: startFailure.reason };
      });
      this.#stopIn(this.behaviour.endingMs);
      return;
    }
    this.#change(() => {
      this.#lastStatus = 'RUNNING';
      this.#startedAt = this.#context.queue.now;
    });
    this.#startContainer();
    if (fate) this.#context.queue.in(fate.afterMs, () => this.#meet(fate.kind));
  }

  #startContainer(): void {
    this.#container = this.#context.startContainer(this, (exitCode) => this.#exited(exitCode));
  }

  #meet(kind: 'spot' | 'host-lost' | 'killed'): void {
    if (this.#container === undefined || !this.isWanted) return;
    switch (kind) {
      case 'spot':
        this.stop('SpotInterruption', 'Your Spot Task was interrupted.', SPOT_NOTICE_MS);
        break;
      case 'host-lost':
        this.#loseHost(this.#container);
        break;
      case 'killed':
        this.#kill();
        break;
      default:
        kind satisfies never;
    }
  }

  #loseHost(container: Container): void {
    container.kill();
    this.#container = undefined;
    this.#change(() => {
      this.#desiredStatus = 'STOPPED';
      this.#stop = { code: 'TerminationNotice', reason: 'Host EC2 (instance i-0) terminated.' };
    });
    this.#stopIn(this.behaviour.endingMs);
  }

  #kill(): void {
    if (this.#container === undefined) return;
    this.#container.kill();
    this.#exited(SIGKILLED);
  }

  #exited(exitCode: number): void {
    this.#container = undefined;
    this.#context.history.add('ecs', { kind: 'exited', taskArn: this.facts.taskArn, exitCode });
    if (exitCode === SIGKILLED && this.isWanted && this.behaviour.restarts && !this.#hasRestarted) {
      this.#hasRestarted = true;
      this.#context.queue.in(this.behaviour.provisionMs, () => this.isWanted && this.#startContainer());
      return;
    }
    this.#change(() => {
      this.#desiredStatus = 'STOPPED';
      this.#stop ??= { code: 'EssentialContainerExited', reason: 'Essential container in task exited' };
      this.#exitCode = exitCode;
      this.#lastStatus = 'DEPROVISIONING';
    });
    this.#stopIn(this.behaviour.endingMs);
  }

  #stopIn(ms: number): void {
    this.#context.queue.in(ms, () => {
      this.#change(() => {
        this.#lastStatus = 'STOPPED';
        this.stoppedAt = this.#context.queue.now;
      });
      const { taskArn, startedBy } = this.facts;
      const { code: stopCode = '', reason = '' } = this.#stop ?? {};
      const exitCode = this.#exitCode;
      this.#context.history.add('ecs', { kind: 'task-stopped', taskArn, startedBy, stopCode, reason, exitCode });
    });
  }

  #change(change: () => void): void {
    this.#before = this.#now();
    change();
    this.#version += 1;
    this.#changedAt = this.#context.queue.now;
    this.#context.onChange(this.#now());
  }

  #now(): Task {
    const { taskArn, startedBy, overrides } = this.facts;
    return {
      taskArn,
      startedBy,
      overrides,
      version: this.#version,
      lastStatus: this.#lastStatus,
      desiredStatus: this.#desiredStatus,
      createdAt: new Date(this.createdAt),
      containers: this.#containers(),
      ...(this.#stop ? { stopCode: this.#stop.code as 'UserInitiated', stoppedReason: this.#stop.reason } : {}),
      ...(this.#startedAt === undefined ? {} : { startedAt: new Date(this.#startedAt) }),
      ...(this.stoppedAt === undefined ? {} : { stoppedAt: new Date(this.stoppedAt) }),
    };
  }

  /** Beside ours, one that AWS puts into tasks by itself (ECS developer guide, "Task state change events"). */
  #containers(): Task['containers'] {
    const { startFailure } = this.behaviour;
    if (startFailure && !startFailure.listsContainer && this.#stop) return [];
    const main = { name: this.facts.container, ...(this.#exitCode === undefined ? {} : { exitCode: this.#exitCode }) };
    return [{ name: 'aws-guardduty-agent-x', exitCode: 1 }, main];
  }
}
