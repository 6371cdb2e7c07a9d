import { isFinished } from '../../../src/core/run.ts';
import { parseStartedBy } from '../../../src/core/run-identity.ts';
import type { Facts, Invariant, TaskStory, Violation } from '../facts.ts';
import { attendedMs } from './attended-ms.ts';

/** To start, to be told that it is not wanted, and to end: five minutes of an agent's life (DESIGN 8), and what a stop may take. */
const ORPHAN_MS = 10 * 60_000;

/** I8: no task outlives its run for long, and at the very end no task is left. */
export const noLeaks: Invariant = (facts) => [...left(facts), ...orphans(facts)];

function left({ story }: Facts): Violation[] {
  const at = story.events.at(-1)?.at ?? 0;
  return story.tasksLeft.map((taskArn) => ({
    invariant: 'I8',
    code: 'left',
    subject: taskArn,
    at,
    message: 'is still there at the end',
  }));
}

function orphans({ tasks, runs, story }: Facts): Violation[] {
  const end = story.events.at(-1)?.at ?? 0;
  return [...tasks.values()].flatMap((task) => {
    const run = runs.get(parseStartedBy(task.made.startedBy)?.runId ?? '');
    if (run === undefined || !isFinished(run.last)) return [];
    const unwantedSince = Math.max(task.made.at, run.lastAt);
    const unwantedMs = attendedMs(story, unwantedSince, task.stopped?.at ?? end);
    if (unwantedMs <= ORPHAN_MS) return [];
    const message = `ran ${Math.round(unwantedMs / 60_000)} min after its run had ended`;
    const code = isPlain(task) ? 'plain-orphan' : 'orphan';
    return [{ invariant: 'I8', code, subject: task.made.startedBy, at: unwantedSince, message }];
  });
}

function isPlain({ begins }: TaskStory): boolean {
  return begins.some(({ isWorker }) => !isWorker);
}
