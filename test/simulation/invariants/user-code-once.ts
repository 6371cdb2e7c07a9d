import { type Invariant, type TaskStory, tasksOfAttempt, type Violation } from '../facts.ts';

interface Execution {
  readonly attempt: number;
  readonly from: number;
  readonly until: number;
}

/** I2: a worker flow's user code begins at most once per attempt, and never while an earlier attempt's still runs. */
export const userCodeOnce: Invariant = (facts) =>
  [...facts.runs.values()].flatMap(({ runId, last }) => {
    const executions: Execution[] = [];
    for (let attempt = 1; attempt <= last.attempt; attempt += 1) {
      executions.push(...tasksOfAttempt(facts, runId, attempt).flatMap((task) => executionsOf(task, attempt)));
    }
    executions.sort((a, b) => a.from - b.from);
    return executions.flatMap((next, index) =>
      executions.slice(0, index).flatMap((prior) => clash(runId, prior, next)),
    );
  });

function executionsOf({ begins, ends }: TaskStory, attempt: number): Execution[] {
  return begins
    .filter(({ isWorker }) => isWorker)
    .map(({ at }, index) => ({ attempt, from: at, until: ends[index]?.at ?? Number.POSITIVE_INFINITY }));
}

function clash(runId: string, prior: Execution, next: Execution): Violation[] {
  const found = { invariant: 'I2', subject: runId, at: next.from };
  if (prior.attempt === next.attempt) {
    return [{ ...found, code: 'twice', message: `user code of attempt ${next.attempt} began twice` }];
  }
  if (next.from >= prior.until) return [];
  return [{ ...found, code: 'overlap', message: `attempts ${prior.attempt} and ${next.attempt} ran at once` }];
}
