import type { TaskObservation } from '../../src/core/observation.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Intent } from '../../src/core/run.ts';
import type { LaunchOutcome, ListedTask, Registration, TaskHost, Unlaunched } from '../../src/core/task-host.ts';

/** ECS in memory: tokens replay, tasks are what a test says they are. */
export class MemoryTaskHost implements TaskHost {
  readonly launches: Intent[] = [];
  readonly registrations: Registration[] = [];
  readonly stopped: string[] = [];
  /** By task ARN; a test sets what is to be observed. */
  readonly observations = new Map<string, TaskObservation>();
  readonly #byToken = new Map<string, string>();
  readonly #startedBy = new Map<string, string>();
  /** Taken one by one before a launch is carried out. */
  readonly nextOutcomes: (LaunchOutcome | 'lost-response')[] = [];
  readonly nextRegistrations: Unlaunched[] = [];

  async register(definition: Registration): Promise<Result<string, Unlaunched>> {
    const failure = this.nextRegistrations.shift();
    if (failure) return err(failure);
    this.registrations.push(definition);
    return ok(`arn:aws:ecs:us-east-1:123456789012:task-definition/${definition.family}:${this.registrations.length}`);
  }

  async launch(intent: Intent): Promise<LaunchOutcome> {
    this.launches.push(intent);
    const outcome = this.nextOutcomes.shift();
    if (outcome !== undefined && outcome !== 'lost-response') return outcome;
    const taskArn = this.startTask(intent);
    if (outcome !== 'lost-response') return { kind: 'launched', taskArn };
    return { kind: 'unclear', reason: { code: 'LAUNCH_UNCLEAR', message: 'no answer' }, needsLookUp: false };
  }

  /** Starts the task of an intent as ECS would: one for each token. */
  startTask({ request }: Intent): string {
    const { cluster, clientToken, startedBy } = request;
    const known = this.#byToken.get(clientToken);
    if (known !== undefined) return known;
    const taskArn = `arn:aws:ecs:us-east-1:123456789012:task/${cluster}/${String(this.#byToken.size).padStart(32, '0')}`;
    this.#byToken.set(clientToken, taskArn);
    this.#startedBy.set(startedBy, taskArn);
    this.observations.set(taskArn, {
      kind: 'active',
      task: { taskArn, lastStatus: 'PROVISIONING', version: 1, containers: [] },
    });
    return taskArn;
  }

  get taskArns(): readonly string[] {
    return [...this.#byToken.values()];
  }

  async findTask(_cluster: string, startedBy: string): Promise<string | undefined> {
    return this.#startedBy.get(startedBy);
  }

  async observe(_cluster: string, taskArns: readonly string[]): Promise<ReadonlyMap<string, TaskObservation>> {
    return new Map(taskArns.map((arn) => [arn, this.observations.get(arn) ?? { kind: 'missing' }]));
  }

  async *runningTasks(): AsyncIterable<readonly ListedTask[]> {
    yield [...this.#startedBy].map(([startedBy, taskArn]) => ({ taskArn, startedBy, table: 'slipway', createdAt: 0 }));
  }

  async stopTask(_cluster: string, taskArn: string): Promise<void> {
    this.stopped.push(taskArn);
  }

  /** Lets a task end with this exit code of its container `flow`. */
  end(taskArn: string, exitCode: number): void {
    const containers = [{ name: 'flow', exitCode }];
    const task = { taskArn, lastStatus: 'STOPPED', version: 9, stopCode: 'EssentialContainerExited', containers };
    this.observations.set(taskArn, { kind: 'stopped', task });
  }
}
