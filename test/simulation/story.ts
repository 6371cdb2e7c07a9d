import { isFinished } from '../../src/core/run.ts';
import type { Faults } from './faults.ts';
import type { History, SimEvent } from './history.ts';
import type { PlannedFault, Scenario } from './scenario.ts';
import type { Surroundings } from './surroundings.ts';

/** What happened in a world, and how it was left: all that an invariant is judged by. */
export interface Story {
  readonly scenario: Scenario;
  readonly events: readonly SimEvent[];
  /** When everything was over; undefined when the world had to be stopped. */
  readonly convergedAt: number | undefined;
  readonly messagesLeft: number;
  /** Tasks that ECS still wants to run at the very end. */
  readonly tasksLeft: readonly string[];
  /** Every fault that struck, outages apart. */
  readonly fired: readonly PlannedFault[];
  /** How often each process has tried each call: `agent-1 ecs.RunTask`. */
  readonly calls: ReadonlyMap<string, number>;
}

export function storyOf(
  scenario: Scenario,
  { history, requests, ecs }: Surroundings,
  { fired, counts: calls }: Faults,
  convergedAt: number | undefined,
): Story {
  const tasksLeft = ecs.tasks.filter(({ isStopped }) => !isStopped).map(({ facts }) => facts.taskArn);
  return { scenario, events: history.events, convergedAt, messagesLeft: requests.left, tasksLeft, fired, calls };
}

/** Every message is gone and has its record, every run has ended, and nothing runs or is still to arrive. */
export function isEverythingOver({ wire, requests, table, ecs }: Surroundings, { events }: History): boolean {
  if (wire.strays > 0 || requests.left > 0 || ecs.tasks.some(({ isStopped }) => !isStopped)) return false;
  for (const run of table.runs.values()) if (!isFinished(run)) return false;
  return events.every(
    (event) =>
      event.kind !== 'sent' ||
      table.runs.has(event.runId) ||
      table.runs.has(event.rejectedId) ||
      requests.deadLetters.includes(event.messageId),
  );
}
