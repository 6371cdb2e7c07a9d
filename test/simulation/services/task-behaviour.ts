import { Random } from '../random.ts';
import type { ServiceHabits } from '../scenario.ts';

/** What is going to happen to one task, decided when it is made. */
export interface TaskBehaviour {
  /** For so long after its launch ECS shows it to nobody. */
  readonly invisibleMs: number;
  /** Until the container starts. */
  readonly provisionMs: number;
  readonly startFailure?: StartFailure;
  /** It stays PROVISIONING for ever. */
  readonly isStuck: boolean;
  /** How long user code takes, and with what exit code it ends. */
  readonly execMs: number;
  readonly exitCode: number;
  readonly ignoresSigterm: boolean;
  readonly fate?: { readonly kind: 'spot' | 'host-lost' | 'killed'; readonly afterMs: number };
  /** ECS restarts a killed container within its task, once (container restart policy). */
  readonly restarts: boolean;
  /** From the container's exit to STOPPED. */
  readonly endingMs: number;
}

/** In ECS's words (ECS developer guide, "Stopped tasks error codes"). */
export interface StartFailure {
  readonly reason: string;
  /** Whether the answer lists the container at all. */
  readonly listsContainer: boolean;
}

const START_FAILURES = [
  'Timeout waiting for network interface provisioning to complete.',
  'CannotPullContainerError: pull image manifest: i/o timeout',
  'CannotPullContainerError: pull image manifest: repository does not exist or may require authorization: not found',
  'ResourceInitializationError: unable to pull secrets: context deadline exceeded',
  'TaskFailedToStart: unexpected words',
] as const;

/** The same for the same launch in the same world, whatever else happens. */
export function drawBehaviour(habits: ServiceHabits, ...launch: readonly (number | string)[]): TaskBehaviour {
  const random = new Random(...launch);
  const execMs = random.magnitude(1_000, 15 * 60_000);
  const fails = random.chance(habits.flowFails);
  const base = {
    invisibleMs: random.chance(0.3) ? random.between(0, habits.invisibleMs) : 0,
    provisionMs: random.between(2_000, 60_000),
    isStuck: random.chance(habits.stuckProvisioning),
    execMs,
    exitCode: fails ? random.pick([1, 2, 126, 139]) : 0,
    ignoresSigterm: random.chance(0.2),
    restarts: random.chance(0.1),
    endingMs: random.between(500, 30_000),
  };
  const fate = drawFate(habits, random, execMs);
  const startFailure = random.chance(habits.startFailure)
    ? { reason: random.pick(START_FAILURES), listsContainer: random.chance(0.5) }
    : undefined;
  return { ...base, ...(fate ? { fate } : {}), ...(startFailure ? { startFailure } : {}) };
}

function drawFate(habits: ServiceHabits, random: Random, execMs: number): TaskBehaviour['fate'] {
  const afterMs = random.between(0, execMs + 5_000);
  if (random.chance(habits.spot)) return { kind: 'spot', afterMs };
  if (random.chance(habits.hostLost)) return { kind: 'host-lost', afterMs };
  return random.chance(habits.workerKilled) ? { kind: 'killed', afterMs } : undefined;
}
