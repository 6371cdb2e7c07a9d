import { parseStartedBy } from '../../../src/core/run-identity.ts';
import { type Facts, type Invariant, startedByOf, type TaskStory, type Violation } from '../facts.ts';

/** A request that was on its way for longer arrived after everybody had stopped waiting for it. */
export const LATE_MS = 60_000;

/** A look-up and the write that rests on it, each with the SDK's three tries. */
const LOOK_UP_MS = 60_000;

/** An answer without a task is left so long at least to be disproved. */
const SHOWN_AFTER_MS = 7_000;

/**
 * I1: at most one ECS task per attempt. Two kinds of task are excepted, since nobody can know of them in time: one whose
 * request ECS carries out long after it was sent, if no worker's user code begins in it; and one that ECS starts beside
 * `failures[]` and still shows to nobody when it is looked up before the next placement. That user code of a worker begins
 * once all the same is I2's to judge.
 */
export const oneTaskPerAttempt: Invariant = (facts) => {
  const ofAttempt = new Map<string, TaskStory[]>();
  for (const task of facts.tasks.values()) {
    const { startedBy } = task.made;
    ofAttempt.set(startedBy, [...(ofAttempt.get(startedBy) ?? []), task]);
  }
  return [...ofAttempt].flatMap(([startedBy, made]) => twinsOf(facts, startedBy, made));
};

function twinsOf(facts: Facts, startedBy: string, made: readonly TaskStory[]): readonly Violation[] {
  const [, second] = made.filter((task) => !isLate(task) && !isHidden(facts, task));
  if (second === undefined) return [];
  const message = `${made.length} tasks: ${made.map((task) => task.made.taskArn.slice(-6)).join(', ')}`;
  return [{ invariant: 'I1', code: codeOf(facts, startedBy, made), subject: startedBy, at: second.made.at, message }];
}

function isLate({ made, begins }: TaskStory): boolean {
  return made.travelledMs > LATE_MS && begins.every(({ isWorker }) => !isWorker);
}

/** Started beside `failures[]`, and shown to nobody while its placement was open. */
export function isHidden({ runs }: Facts, { made }: TaskStory): boolean {
  if (!made.besideFailure) return false;
  const owner = parseStartedBy(made.startedBy);
  const puts = runs.get(owner?.runId ?? '')?.puts ?? [];
  const next = puts.find(({ at, run }) => at > made.at && run.status === 'QUEUED' && run.attempt === owner?.attempt);
  return next !== undefined && next.at - made.at >= SHOWN_AFTER_MS && made.shownAt > next.at - LOOK_UP_MS;
}

function codeOf(facts: Facts, startedBy: string, made: readonly TaskStory[]): string {
  const tokens = new Set(made.map((task) => task.made.token));
  if (tokens.size < made.length) return 'forgotten-token';
  if (made.some((task) => task.made.besideFailure)) return 'beside-failure';
  const recorded = tokensOnRecord(facts, startedBy);
  return [...tokens].every((token) => recorded.has(token)) ? 'next-placement' : 'fresh-token';
}

function tokensOnRecord({ runs }: Facts, startedBy: string): ReadonlySet<string> {
  const launches = [...runs.values()].flatMap(({ puts }) => puts.flatMap(({ run }) => startedByOf(run) ?? []));
  return new Set(launches.filter((launch) => launch.startedBy === startedBy).map(({ token }) => token));
}
