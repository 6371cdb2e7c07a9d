import type { LogLine } from './log-reader.ts';
import type { ObservedTask } from './observation.ts';
import type { FlowRun, HistoryEntry } from './run.ts';

/** Something that happened to a run. */
export interface TraceEntry {
  /** Epoch milliseconds, by the clock of whoever tells it. */
  readonly at: number;
  /** Since the run was asked for. */
  readonly offsetMs: number;
  /** Our own steps; ECS's word on the task; a line of the container. */
  readonly source: 'slipway' | 'ecs' | 'output';
  /** The agent, worker or person; empty for the others. */
  readonly by: string;
  readonly attempt: number;
  readonly what: string;
}

/** What is known of an attempt beside the record. */
export interface AttemptTrace {
  readonly attempt: number;
  /** As ECS, or the record of its last word, has it. */
  readonly task?: ObservedTask;
  readonly lines: readonly LogLine[];
}

/** ECS's timestamps of a task (API DescribeTasks, Task), in their order, and what they mean. */
const MOMENTS = [
  ['createdAt', 'task created'],
  ['connectivityAt', 'network interface attached'],
  ['pullStartedAt', 'image pull started'],
  ['pullStoppedAt', 'image pull finished'],
  ['startedAt', 'containers started'],
  ['stoppingAt', 'task is being stopped'],
  ['stoppedAt', 'task stopped'],
] as const satisfies readonly (readonly [keyof ObservedTask, string])[];

/** All that happened, in the order of time. At one moment our own step stands before what came of it. */
export function traceRun(run: FlowRun, attempts: readonly AttemptTrace[]): readonly TraceEntry[] {
  const told = [
    ...run.history.map((entry) => ({ ...moveOf(entry), at: entry.at, by: entry.by, attempt: entry.attempt })),
    ...attempts.flatMap(({ attempt, task, lines }) => [
      ...(task === undefined ? [] : momentsOf(task)).map((moment) => ({ ...moment, by: '', attempt })),
      ...lines.map(({ at, message }) => ({ source: 'output' as const, at, by: '', attempt, what: message })),
    ]),
  ];
  return told
    .map((entry) => ({ ...entry, offsetMs: entry.at - run.requestedAt }))
    .sort((a, b) => a.at - b.at || SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source));
}

const SOURCES: readonly TraceEntry['source'][] = ['slipway', 'ecs', 'output'];

function moveOf({ status, code, note }: HistoryEntry): Pick<TraceEntry, 'source' | 'what'> {
  return { source: 'slipway', what: [status, code === status ? undefined : code, note].filter(Boolean).join('  ') };
}

function momentsOf(task: ObservedTask): readonly Pick<TraceEntry, 'source' | 'at' | 'what'>[] {
  const exits = task.containers.flatMap(({ name, exitCode }) =>
    exitCode === undefined ? [] : [`${name} exit ${exitCode}`],
  );
  const end = [task.stopCode, task.stoppedReason, ...exits].filter(Boolean).join(', ');
  return MOMENTS.flatMap(([key, words]) => {
    const at = task[key];
    if (at === undefined) return [];
    return [{ source: 'ecs' as const, at, what: key === 'stoppedAt' && end !== '' ? `${words}: ${end}` : words }];
  });
}
