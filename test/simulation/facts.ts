import type { FlowRun } from '../../src/core/run.ts';
import type { SimEvent } from './history.ts';
import type { Story } from './story.ts';

type Of<Kind extends SimEvent['kind']> = Extract<SimEvent, { readonly kind: Kind }>;

export interface TaskStory {
  readonly made: Of<'task-made'>;
  readonly begins: Of<'exec-begin'>[];
  readonly ends: Of<'exec-end'>[];
  readonly exits: Of<'exited'>[];
  readonly stopsAsked: Of<'stop-asked'>[];
  stopped?: Of<'task-stopped'>;
}

export interface RunStory {
  readonly runId: string;
  readonly puts: readonly Of<'put'>[];
  /** As it is on record at the end. */
  readonly last: FlowRun;
  readonly lastAt: number;
}

/** A story, sorted by what it tells of. */
export interface Facts {
  readonly story: Story;
  readonly sent: readonly Of<'sent'>[];
  readonly runs: ReadonlyMap<string, RunStory>;
  /** By ARN, in the order in which ECS made them. */
  readonly tasks: ReadonlyMap<string, TaskStory>;
}

/** One invariant that does not hold, with where to look. */
export interface Violation {
  /** `I1` … */
  readonly invariant: string;
  /** What is wrong, in one word or two: violations of one cause share it. */
  readonly code: string;
  readonly subject: string;
  readonly at: number;
  readonly message: string;
}

export type Invariant = (facts: Facts) => readonly Violation[];

export function factsOf(story: Story): Facts {
  return { story, sent: eventsOf(story, 'sent'), runs: runsOf(story), tasks: tasksOf(story) };
}

export function eventsOf<Kind extends SimEvent['kind']>({ events }: Story, kind: Kind): readonly Of<Kind>[] {
  return events.filter((event): event is Of<Kind> => event.kind === kind);
}

/** All tasks that carry the name of this attempt. */
export function tasksOfAttempt({ tasks }: Facts, runId: string, attempt: number): readonly TaskStory[] {
  const name = `slipway/${runId}/${attempt}`;
  return [...tasks.values()].filter(({ made }) => made.startedBy === name);
}

/** What the intent on record says about the launch. */
export function startedByOf(run: FlowRun): { readonly startedBy: string; readonly token: string } | undefined {
  if (run.status !== 'LAUNCHING') return undefined;
  const { startedBy, clientToken } = run.intent.request;
  return { startedBy, token: clientToken };
}

function runsOf(story: Story): Map<string, RunStory> {
  const puts = new Map<string, Of<'put'>[]>();
  for (const put of eventsOf(story, 'put')) {
    const known = puts.get(put.run.runId);
    if (known) known.push(put);
    else puts.set(put.run.runId, [put]);
  }
  const runs = new Map<string, RunStory>();
  for (const [runId, ofRun] of puts) {
    const last = ofRun.at(-1);
    if (last) runs.set(runId, { runId, puts: ofRun, last: last.run, lastAt: last.at });
  }
  return runs;
}

function tasksOf({ events }: Story): Map<string, TaskStory> {
  const tasks = new Map<string, TaskStory>();
  for (const event of events) {
    if (event.kind === 'task-made') {
      tasks.set(event.taskArn, { made: event, begins: [], ends: [], exits: [], stopsAsked: [] });
    } else if ('taskArn' in event) {
      const task = tasks.get(event.taskArn);
      if (task) note(task, event);
    }
  }
  return tasks;
}

function note(task: TaskStory, event: Extract<SimEvent, { readonly taskArn: string }>): void {
  if (event.kind === 'exec-begin') task.begins.push(event);
  else if (event.kind === 'exec-end') task.ends.push(event);
  else if (event.kind === 'exited') task.exits.push(event);
  else if (event.kind === 'stop-asked') task.stopsAsked.push(event);
  else if (event.kind === 'task-stopped') task.stopped = event;
}
