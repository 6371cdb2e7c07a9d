import { quiet, run } from './directed-scenarios.ts';
import type { Violation } from './facts.ts';
import type { PlannedFault, Scenario } from './scenario.ts';

/** Something that does not hold today: found by seeds, understood, and not mended yet. */
export interface KnownViolation {
  readonly id: string;
  readonly invariant: string;
  readonly code: string;
  /** What happens, and what would mend it. */
  readonly why: string;
  /** Found first in this seed. */
  readonly foundBy: number;
  /** The shortest world that shows it: while it is listed, it must. */
  readonly shownBy: Scenario;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * The list that ought to be empty. A violation of one of these kinds does not fail a seed; that each of them still shows is
 * a test, so that what is mended is taken off.
 */
export const KNOWN_VIOLATIONS: readonly KnownViolation[] = [
  {
    id: 'K1',
    invariant: 'I1',
    code: 'next-placement',
    why: 'A first try whose connection broke has made a task; the repeat is throttled, the look-up does not show the task yet, and the next placement makes another. Where any try of a token has had no clear answer, a later not-placed should leave the run LAUNCHING, to be repeated under the same token.',
    foundBy: 427,
    shownBy: quiet({
      runs: [run({ flow: 'plain', task: { invisibleMs: 2 * MINUTE_MS, execMs: 3 * MINUTE_MS } })],
      faults: [runTask(1, 'reset'), runTask(2, 'wrapped-throttle')],
    }),
  },
  {
    id: 'K2',
    invariant: 'I1',
    code: 'beside-failure',
    why: 'ECS answers with failures[] and starts the task all the same; the look-up is made at once, when the task is not shown yet, and the next placement makes another. Looking up again just before the next placement is sent would leave only tasks that stay hidden for longer than the wait.',
    foundBy: 15,
    shownBy: quiet({
      seed: 3,
      runs: [run({ flow: 'plain', task: { invisibleMs: 2 * MINUTE_MS, execMs: 3 * MINUTE_MS } })],
      habits: { noCapacity: 1, startsBesideFailure: 1 },
    }),
  },
  {
    id: 'K3',
    invariant: 'I7',
    code: 'EXPIRED: its user code had begun',
    why: 'expiresAt is judged before every attempt, so a run that had started in time and lost its task to Spot ends as EXPIRED, "it was to start before". Only a first attempt can be late; or its failure should stand when no retry may start any more.',
    foundBy: 92,
    shownBy: quiet({
      runs: [run({ expiresMs: 40 * SECOND_MS, task: { fate: { kind: 'host-lost', afterMs: 15 * SECOND_MS } } })],
    }),
  },
  {
    id: 'K4',
    invariant: 'I4',
    code: 'dead-lettered',
    why: 'While the store is away the receiver goes on receiving: every 90 s costs the message one of its 20 receives, so half an hour without DynamoDB puts good requests on the dead-letter queue. The receiver should stop receiving while nothing can be recorded, and the queue should allow more receives.',
    foundBy: 345,
    shownBy: quiet({
      faultsEndMs: 40 * MINUTE_MS,
      outages: [{ service: 'dynamodb', fromMs: 0, untilMs: 35 * MINUTE_MS, style: 'errors' }],
    }),
  },
  {
    id: 'K5',
    invariant: 'I7',
    code: 'NO_FINAL_RECORD: its worker was refused: it never ran',
    why: "The task of K1 or K2 starts while its run is QUEUED for the next placement of the same attempt: its worker is refused, and the task is adopted later as one that ended without a word, which costs a retry. A worker of the run's own attempt should be allowed to claim it when the run is QUEUED.",
    foundBy: 631,
    shownBy: quiet({
      seed: 3,
      runs: [run({ task: { invisibleMs: 10 * SECOND_MS } })],
      habits: { noCapacity: 1, startsBesideFailure: 1 },
    }),
  },
  {
    id: 'K6',
    invariant: 'I11',
    code: 'two-requests',
    why: 'A throttled launch goes back to QUEUED with its placement, and is planned anew: when the templates have changed meanwhile, the same token goes out with another request. The placement should grow, or the frozen plan be kept.',
    foundBy: 146,
    shownBy: quiet({
      faults: [1, 2, 3, 4, 5, 6].map((nth) => runTask(nth, 'wrapped-throttle')),
      disturbances: [{ kind: 'redeploy', atMs: 2 * SECOND_MS }],
    }),
  },
];

function runTask(nth: number, kind: PlannedFault['kind']): PlannedFault {
  return { process: 'agent-1', call: 'ecs.RunTask', nth, kind };
}

export function knownViolationOf({ invariant, code }: Violation): KnownViolation | undefined {
  return KNOWN_VIOLATIONS.find((known) => known.invariant === invariant && known.code === code);
}
