import {
  type AgentPlan,
  type FaultKind,
  type PlannedFault,
  QUIET,
  type RunPlan,
  type Scenario,
  type ServiceHabits,
} from './scenario.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A world in which nothing goes wrong: one agent, one run of a worker flow that takes twenty seconds. */
export function quiet(over: Partial<Omit<Scenario, 'habits'>> & { habits?: Partial<ServiceHabits> } = {}): Scenario {
  const { habits, ...rest } = over;
  return {
    seed: 1,
    faultsEndMs: 10 * MINUTE_MS,
    pace: 'brisk',
    hasEvents: false,
    agents: [agent(1)],
    runs: [run()],
    disturbances: [],
    outages: [],
    faultRates: {},
    faults: [],
    ...rest,
    habits: { ...QUIET, ...habits },
  };
}

export function agent(number: number): AgentPlan {
  const name = `agent-${number}`;
  return { name, configuredName: name, skewMs: 0, concurrentRuns: 100, labels: [] };
}

export function run(over: Partial<RunPlan> = {}): RunPlan {
  return {
    id: 'run-1',
    atMs: SECOND_MS,
    flow: 'steady',
    identity: 'runId',
    copies: 1,
    ...over,
    task: { ...TASK, ...over.task },
  };
}

const TASK = {
  invisibleMs: 0,
  provisionMs: 5 * SECOND_MS,
  isStuck: false,
  execMs: 20 * SECOND_MS,
  exitCode: 0,
  ignoresSigterm: false,
  restarts: false,
  endingMs: SECOND_MS,
} as const;

const lostAnswers = (call: string, ...nths: readonly number[]) =>
  nths.map((nth) => ({ process: 'agent-1', call, nth, kind: 'lost-answer' as const }));

function runTask(nth: number, kind: FaultKind): PlannedFault {
  return { process: 'agent-1', call: 'ecs.RunTask', nth, kind };
}

/** Worlds made by hand, for what chance meets too seldom. In each of them everything must hold. */
export const DIRECTED = {
  /** Nothing goes wrong at all. */
  quiet: quiet(),

  /** RunTask is carried out, all of its answers are lost, and the task is not shown yet: the agent sends it again. */
  'answers lost': quiet({
    runs: [run({ flow: 'plain', task: { invisibleMs: 2 * MINUTE_MS, execMs: 3 * MINUTE_MS } })],
    faults: lostAnswers('ecs.RunTask', 1, 2, 3),
  }),

  /** The task of a launch that nobody heard of is over, and its token forgotten, before ECS can be asked again. */
  'outage of two hours': quiet({
    faultsEndMs: 3 * HOUR_MS,
    runs: [run({ flow: 'plain', task: { execMs: 30 * SECOND_MS } })],
    faults: lostAnswers('ecs.RunTask', 1),
    outages: [{ service: 'ecs', fromMs: 3 * SECOND_MS, untilMs: 2.2 * HOUR_MS, style: 'silent' }],
  }),

  /** A request arrives when its attempt has been fenced and the next one runs. */
  'arrival after the fence': quiet({
    faultsEndMs: HOUR_MS,
    runs: [run({ task: { execMs: 15 * MINUTE_MS } })],
    faults: [{ process: 'agent-1', call: 'ecs.RunTask', nth: 1, kind: 'late', lateMs: 37 * MINUTE_MS }],
    outages: [{ service: 'ecs', fromMs: 3 * SECOND_MS, untilMs: 30.5 * MINUTE_MS, style: 'silent' }],
  }),

  /** A container without our worker, which is told by nobody that its run is over, and goes on for long. */
  'arrival after the end': quiet({
    faultsEndMs: HOUR_MS,
    runs: [run({ flow: 'plain', task: { execMs: 20 * MINUTE_MS } })],
    faults: [{ process: 'agent-1', call: 'ecs.RunTask', nth: 1, kind: 'late', lateMs: HOUR_MS }],
    outages: [{ service: 'ecs', fromMs: 3 * SECOND_MS, untilMs: 30.5 * MINUTE_MS, style: 'silent' }],
  }),

  /** The claim is written, and its answer is lost: the SDK repeats the write and is refused by its own. */
  'claim answered by nobody': quiet({ faults: lostAnswers('dynamodb.Put', 2) }),

  /** ECS says that it lacks capacity, and starts the task all the same. */
  'task beside a failure': quiet({
    seed: 3,
    runs: [run({ flow: 'plain', task: { execMs: 3 * MINUTE_MS } })],
    habits: { noCapacity: 1, startsBesideFailure: 1 },
  }),

  /** The same, and the task has begun before the next placement would be tried: its worker may have the attempt. */
  'task beside a failure begins': quiet({
    seed: 3,
    runs: [run({ task: { invisibleMs: 10 * SECOND_MS } })],
    habits: { noCapacity: 1, startsBesideFailure: 1 },
  }),

  /** The connection breaks when the task is made; it is not shown yet, and the repeat is throttled. */
  'throttled after a broken connection': quiet({
    runs: [run({ flow: 'plain', task: { invisibleMs: 2 * MINUTE_MS, execMs: 3 * MINUTE_MS } })],
    faults: [runTask(1, 'reset'), runTask(2, 'wrapped-throttle')],
  }),

  /** The same, and the permission is taken away between the two. */
  'denied after a broken connection': quiet({
    runs: [run({ flow: 'plain', task: { invisibleMs: 2 * MINUTE_MS, execMs: 3 * MINUTE_MS } })],
    faults: [runTask(1, 'reset'), runTask(2, 'denied')],
  }),

  /** The templates change while a launch is throttled: what goes out next is another request. */
  'throttled across a deployment': quiet({
    faults: [1, 2, 3, 4, 5, 6].map((nth) => runTask(nth, 'wrapped-throttle')),
    disturbances: [{ kind: 'redeploy', atMs: 2 * SECOND_MS }],
  }),

  /** Events overtake each other: the last one to come tells of a task that runs, when it has long stopped. */
  'events out of order': quiet({
    seed: 9,
    hasEvents: true,
    runs: [run({ flow: 'plain', task: { execMs: 3 * SECOND_MS } })],
  }),

  /** The task is described as MISSING for its first minute. */
  'task not visible yet': quiet({ runs: [run({ task: { invisibleMs: MINUTE_MS, execMs: 3 * MINUTE_MS } })] }),

  /** ECS cannot be asked while a task runs. */
  'outage while it runs': quiet({
    runs: [run({ task: { execMs: 5 * MINUTE_MS } })],
    outages: [{ service: 'ecs', fromMs: MINUTE_MS, untilMs: 4 * MINUTE_MS, style: 'errors' }],
  }),

  /** The container is killed, and ECS starts it again within its task. */
  'container starts again': quiet({
    runs: [run({ task: { restarts: true, fate: { kind: 'killed', afterMs: 10 * SECOND_MS } } })],
  }),

  /** The task never gets beyond PROVISIONING, and is stopped by us. */
  'stuck task': quiet({ faultsEndMs: 20 * MINUTE_MS, runs: [run({ flow: 'hasty', task: { isStuck: true } })] }),

  /** The agent dies while a task runs, and another start of it takes over. */
  'agent dies': quiet({
    runs: [run({ task: { execMs: 2 * MINUTE_MS } })],
    disturbances: [{ kind: 'kill', atMs: 30 * SECOND_MS, agent: 'agent-1', backAfterMs: 10 * SECOND_MS }],
  }),

  /** Spot takes the task away, and another attempt follows after a pause. */
  retry: quiet({ runs: [run({ task: { execMs: 40 * SECOND_MS, fate: { kind: 'spot', afterMs: 5 * SECOND_MS } } })] }),

  /** A run that has begun in time loses its task when it could no longer begin in time. */
  'retry after the expiry': quiet({
    runs: [run({ expiresMs: 40 * SECOND_MS, task: { fate: { kind: 'host-lost', afterMs: 15 * SECOND_MS } } })],
  }),

  /** A cancel meets a task that has not begun yet, and that cannot be stopped for a while. */
  'cancel before the claim': quiet({
    runs: [run({ cancelAtMs: 4 * SECOND_MS })],
    outages: [{ service: 'ecs', fromMs: 3 * SECOND_MS, untilMs: 3 * MINUTE_MS, style: 'errors' }],
  }),

  /** The record cannot be written while a message comes. */
  'store away at the start': quiet({
    outages: [{ service: 'dynamodb', fromMs: 0, untilMs: 2 * MINUTE_MS, style: 'errors' }],
  }),

  /** The record cannot be written for longer than it takes to give a message up that comes every 90 seconds. */
  'store away for long': quiet({
    faultsEndMs: 40 * MINUTE_MS,
    outages: [{ service: 'dynamodb', fromMs: 0, untilMs: 35 * MINUTE_MS, style: 'errors' }],
  }),

  /** A flow of which one run may be in flight at once is asked for three times, of two agents; one of the runs is retried. */
  'three for one slot': quiet({
    agents: [agent(1), agent(2)],
    runs: ['run-1', 'run-2', 'run-3'].map((id, index) =>
      run({ id, flow: 'narrow', task: index === 0 ? { fate: { kind: 'host-lost', afterMs: 8 * SECOND_MS } } : {} }),
    ),
  }),

  /** Two agents get the same message and launch its run at the same moment. */
  'two agents at once': quiet({
    agents: [agent(1), agent(2)],
    runs: [run({ copies: 3 })],
    habits: { duplicateDelivery: 1 },
  }),
} as const satisfies Record<string, Scenario>;

export type DirectedName = keyof typeof DIRECTED;
