import type { FailureCode } from '../../src/core/failure-codes.ts';
import type { RunStatus } from '../../src/core/run.ts';
import type { EcsFaults } from '../../src/local/ecs/ecs-faults.ts';
import type { CrashCallName } from './crash-calls.ts';

/** A way for a run to live: what it does, what befalls it, and how it must end whoever dies meanwhile. */
export interface CrashScenario {
  /** The flow's YAML after its name and version. */
  readonly flow: (bench: FlowSurroundings) => string;
  /** Messages that are sent; one that asks for the run if left out. */
  readonly bodies?: (request: { readonly flow: string; readonly runId: string }) => readonly (object | string)[];
  /** No message asks for the run, but a tick of its flow's schedule that nobody was there for. */
  readonly isScheduled?: boolean;
  /** Two topics are told of its end. */
  readonly isTold?: boolean;
  /** What ECS does to its tasks. */
  readonly trouble?: (faults: EcsFaults, family: string) => void;
  /** Somebody cancels the run when it has this status. */
  readonly cancelAt?: RunStatus;
  readonly ends: { readonly status: RunStatus; readonly code: FailureCode; readonly attempt: number };
  /** The calls of its life at which an agent is killed. */
  readonly calls: readonly CrashCallName[];
}

export interface FlowSurroundings {
  /** A shell line that notes that user code begins, sleeps for so many seconds, notes its end, and exits with this code. */
  readonly work: (seconds: number, exitCode: number) => string;
  /** A shell line that only notes that it has run. */
  readonly quickWork: string;
  /** A flow's module that notes when it begins and ends. */
  readonly module: string;
}

const LAUNCHING_CALLS = ['find the definition', 'register', 'save the definition', 'claim', 'launch'] as const;
const WATCHING_CALLS = ['look for runs in flight', 'read runs', 'observe'] as const;
const SUCCEEDED = { status: 'SUCCEEDED', code: 'SUCCEEDED', attempt: 1 } as const;
const QUICK_RETRIES = 'retries: { CRASHED: { max: 2, delay: 100ms }, FAILED: { max: 0 } }';

function plain(command: string, more = ''): string {
  return `runConfig: { image: busybox, command: [sh, -c, ${JSON.stringify(command)}] }\n${more}`;
}

export const SCENARIOS = {
  /** A plain container that comes to a good end. */
  plain: {
    flow: ({ work }) => plain(work(0.1, 0)),
    ends: SUCCEEDED,
    calls: [
      'receive',
      'accept',
      'delete',
      'look for queued runs',
      ...LAUNCHING_CALLS,
      'record',
      ...WATCHING_CALLS,
      'settle as SUCCEEDED',
    ],
  },
  /** A flow whose worker claims the attempt and leaves a final record. */
  worker: {
    flow: ({ module }) => `artifact: ${module}\nrunConfig: { image: slipway-worker }`,
    ends: SUCCEEDED,
    calls: [
      'receive',
      'accept',
      'delete',
      'put the artifact',
      ...LAUNCHING_CALLS,
      'record',
      ...WATCHING_CALLS,
      'settle as SUCCEEDED',
    ],
  },
  /** The flow fails, and is not tried again. */
  'flow failure': {
    flow: ({ work }) => plain(work(0.1, 3)),
    ends: { status: 'FAILED', code: 'EXIT_CODE', attempt: 1 },
    calls: ['accept', 'delete', 'claim', 'launch', 'record', 'observe', 'settle as FAILED'],
  },
  /** The first attempt's task never starts; the second one's does. */
  retry: {
    flow: ({ work }) => plain(work(0.1, 0), QUICK_RETRIES),
    trouble: (faults, family) => faults.startFailure({ family, nth: 1 }),
    ends: { ...SUCCEEDED, attempt: 2 },
    calls: [
      'accept',
      'delete',
      ...LAUNCHING_CALLS,
      'record',
      ...WATCHING_CALLS,
      'back to the queue',
      'settle as SUCCEEDED',
    ],
  },
  /** ECS has no room at first. */
  capacity: {
    flow: ({ work }) => plain(work(0.1, 0)),
    trouble: (faults, family) => faults.capacityFailure({ family, nth: 1, reason: 'AGENT' }),
    ends: SUCCEEDED,
    calls: ['claim', 'launch', 'look up the task', 'back to the queue', 'record', 'settle as SUCCEEDED'],
  },
  /** Somebody cancels the run while its task runs. */
  cancel: {
    flow: ({ work }) => plain(work(600, 0)),
    cancelAt: 'RUNNING',
    ends: { status: 'CANCELLED', code: 'CANCELLED', attempt: 1 },
    calls: ['claim', 'launch', 'record', 'note that it runs', 'stop', 'observe', 'settle as CANCELLED'],
  },
  /** The worker never comes to its claim: it is stopped, and tried again once. */
  'start timeout': {
    flow: () =>
      `runConfig: { image: slipway-worker, entryPoint: [sleep], command: ["600"] }\ntimeouts: { start: 1s }\nretries: { CRASHED: { max: 1, delay: 100ms } }`,
    ends: { status: 'CRASHED', code: 'START_TIMEOUT', attempt: 2 },
    calls: ['claim', 'launch', 'record', 'observe', 'note the stop', 'stop', 'back to the queue', 'settle as CRASHED'],
  },
  /** The flow takes longer than it may. */
  'run timeout': {
    flow: ({ work }) => plain(work(600, 0), 'timeouts: { run: 500ms }'),
    ends: { status: 'FAILED', code: 'RUN_TIMEOUT', attempt: 1 },
    calls: ['claim', 'launch', 'record', 'note that it runs', 'note the stop', 'stop', 'settle as FAILED'],
  },
  /** The producer sends the same wish three times. */
  duplicates: {
    flow: ({ work }) => plain(work(0.1, 0)),
    bodies: (request) => [request, request, request],
    ends: SUCCEEDED,
    calls: ['receive', 'accept', 'delete', 'claim', 'launch', 'record', 'settle as SUCCEEDED'],
  },
  /** Bodies that no run can come from, beside one that is fine. */
  poison: {
    flow: ({ work }) => plain(work(0.1, 0)),
    bodies: (request) => ['{"flow": ', request, { ...request, runId: 'not a run id!' }],
    ends: SUCCEEDED,
    calls: [
      'receive',
      'accept',
      'reject',
      'find the dead-letter queue',
      'name the dead-letter queue',
      'bury',
      'delete',
      'claim',
      'launch',
      'settle as SUCCEEDED',
    ],
  },
  /** A tick of a schedule was missed, and is caught up. */
  tick: {
    flow: ({ work }) => plain(work(0.1, 0)),
    isScheduled: true,
    bodies: () => [],
    ends: SUCCEEDED,
    calls: ['read schedules', 'accept', 'claim', 'launch', 'settle as SUCCEEDED'],
  },
  /** A run under a limit: its place is taken and given back in transactions. The first attempt's task never starts. */
  limited: {
    flow: ({ work }) => plain(work(0.1, 0), `concurrency: { limit: 1 }\n${QUICK_RETRIES}`),
    trouble: (faults, family) => faults.startFailure({ family, nth: 1 }),
    ends: { ...SUCCEEDED, attempt: 2 },
    calls: ['claim', 'launch', 'back to the queue', 'settle as SUCCEEDED'],
  },
  /** Somebody is told of the end. */
  told: {
    flow: ({ work }) => plain(work(0.1, 3)),
    isTold: true,
    ends: { status: 'FAILED', code: 'EXIT_CODE', attempt: 1 },
    calls: ['settle as FAILED', 'look for who is to be told', 'tell', 'note who was told', 'note that all were told'],
  },
  /** Parameters that no record can hold. */
  'large parameters': {
    flow: ({ work }) => plain(work(0.1, 0)),
    bodies: (request) => [{ ...request, parameters: { text: 'x'.repeat(120_000) } }],
    ends: SUCCEEDED,
    calls: [
      'keep large parameters',
      'accept',
      'delete',
      'read large parameters',
      'claim',
      'launch',
      'settle as SUCCEEDED',
    ],
  },
} as const satisfies Record<string, CrashScenario>;

export type ScenarioName = keyof typeof SCENARIOS;
