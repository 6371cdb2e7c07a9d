import { type Facts, type Invariant, startedByOf, type TaskStory, type Violation } from '../facts.ts';

/** A request that was on its way for longer arrived after everybody had stopped waiting for it. */
const LATE_MS = 60_000;

/**
 * I1: at most one ECS task per attempt. A request that ECS carries out long after it was sent, when its token is no longer
 * remembered or the attempt is fenced, cannot be called back: its task is excepted if no worker's user code begins in it.
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
  const [first] = made.slice(1).filter((task) => !isExcused(task));
  if (first === undefined) return [];
  const message = `${made.length} tasks: ${made.map((task) => task.made.taskArn.slice(-6)).join(', ')}`;
  return [{ invariant: 'I1', code: codeOf(facts, startedBy, made), subject: startedBy, at: first.made.at, message }];
}

function isExcused({ made, begins }: TaskStory): boolean {
  return made.travelledMs > LATE_MS && begins.every(({ isWorker }) => !isWorker);
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
