import { Random } from './random.ts';
import type {
  AgentPlan,
  Disturbance,
  FaultKind,
  Outage,
  RunPlan,
  Scenario,
  ServiceHabits,
  ServiceName,
} from './scenario.ts';

const MINUTE_MS = 60_000;

/** SQS may carry out, and not answer, for so long. */
const MAX_UNHEARD_MS = 10 * MINUTE_MS;

const FAULT_KINDS: readonly FaultKind[] = [
  'lost-request',
  'lost-answer',
  'late',
  'throttled',
  'wrapped-throttle',
  'unavailable',
  'failed-after',
  'truncated',
  'reset',
  'slow',
];

const BAD_BODIES = [
  '',
  'not json',
  '[]',
  'null',
  '{"flow":7}',
  '{"flow":"steady","runId":"no spaces please"}',
  '{"flow":"steady","__proto__":{"a":1}}',
  '{"flow":"steady","unknown":true}',
] as const;

/** The world of a seed: how many agents and runs, what goes wrong and how often. Most are mild in most respects. */
export function randomScenario(seed: number): Scenario {
  const random = new Random('scenario', seed);
  const isLong = random.chance(0.02);
  const faultsEndMs = isLong ? random.magnitude(2, 28) * 60 * MINUTE_MS : random.magnitude(3, 40) * MINUTE_MS;
  const agents = drawAgents(random, isLong);
  const runs = drawRuns(random, Math.min(faultsEndMs, 60 * MINUTE_MS));
  return {
    seed,
    faultsEndMs,
    pace: isLong || random.chance(0.95) ? 'slow' : 'brisk',
    hasEvents: !isLong && random.chance(0.25),
    agents,
    runs,
    disturbances: drawDisturbances(random, agents, runs, Math.min(faultsEndMs, 120 * MINUTE_MS)),
    outages: drawOutages(random, agents, faultsEndMs, isLong),
    faultRates: drawFaultRates(random),
    faults: [],
    habits: drawHabits(random),
  };
}

function drawAgents(random: Random, isLong: boolean): AgentPlan[] {
  const count = isLong ? 1 : random.pick([1, 1, 2, 2, 3, random.between(1, 5)]);
  const isAlike = random.chance(0.2);
  return Array.from({ length: count }, (_, index) => ({
    name: `agent-${index + 1}`,
    configuredName: isAlike ? 'agent' : `agent-${index + 1}`,
    skewMs: random.chance(0.5) ? random.between(-120_000, 120_000) : 0,
    concurrentRuns: random.pick([2, 5, 100]),
    labels: index === 0 ? ['gpu'] : [],
  }));
}

function drawRuns(random: Random, untilMs: number): RunPlan[] {
  const count = random.magnitude(1, 8);
  return Array.from({ length: count }, (_, index) => drawRun(random, `run-${index + 1}`, untilMs));
}

function drawRun(random: Random, id: string, untilMs: number): RunPlan {
  const atMs = random.between(0, untilMs / 2);
  return {
    id,
    atMs,
    flow: random.pick([
      'steady',
      'steady',
      'stubborn',
      'hasty',
      'narrow',
      'plain',
      random.chance(0.1) ? 'unknown' : 'steady',
    ]),
    identity: random.pick(['runId', 'runId', 'runId', 'idempotencyKey', 'message']),
    copies: random.chance(0.15) ? random.between(2, 3) : 1,
    ...(random.chance(0.04) ? { badBody: random.pick(BAD_BODIES) } : {}),
    ...(random.chance(0.03) ? { impostor: true } : {}),
    ...(random.chance(0.01) ? { isLarge: true } : {}),
    ...(random.chance(0.05) ? { labels: ['gpu'] } : {}),
    ...(random.chance(0.1) ? { notBeforeMs: atMs + random.between(0, 20 * MINUTE_MS) } : {}),
    ...(random.chance(0.05) ? { expiresMs: atMs + random.between(MINUTE_MS, 30 * MINUTE_MS) } : {}),
    ...(random.chance(0.2) ? { cancelAtMs: atMs + random.magnitude(100, 40 * MINUTE_MS) } : {}),
  };
}

function drawDisturbances(
  random: Random,
  agents: readonly AgentPlan[],
  runs: readonly RunPlan[],
  untilMs: number,
): Disturbance[] {
  const count = random.pick([0, 1, 3, 8]);
  return Array.from({ length: count }, () => {
    const atMs = random.between(0, untilMs);
    const agent = agents[random.between(0, agents.length - 1)]?.name ?? '';
    const run = runs[random.between(0, runs.length - 1)]?.id ?? '';
    return random.pick<Disturbance>([
      { kind: 'kill', atMs, agent, backAfterMs: random.magnitude(1_000, 30 * MINUTE_MS) },
      { kind: 'kill', atMs, agent, backAfterMs: random.magnitude(1_000, 60_000) },
      { kind: 'terminate', atMs, agent, backAfterMs: random.magnitude(1_000, 60_000) },
      { kind: 'pause', atMs, agent, forMs: random.magnitude(1_000, 10 * MINUTE_MS) },
      { kind: 'skew', atMs, agent, skewMs: random.between(-120_000, 120_000) },
      { kind: 'redeploy', atMs },
      { kind: 'stop-task', atMs, run },
    ]);
  });
}

function drawOutages(random: Random, agents: readonly AgentPlan[], untilMs: number, isLong: boolean): Outage[] {
  const count = isLong ? 1 : random.pick([0, 0, 1, 2]);
  return Array.from({ length: count }, () => {
    const fromMs = random.between(0, untilMs / 3);
    const forMs = isLong ? untilMs - fromMs : random.magnitude(5_000, 40 * MINUTE_MS);
    const of = agents[random.between(0, agents.length * 3)]?.name;
    const service = random.pick<ServiceName>(['sqs', 'dynamodb', 'dynamodb', 'ecs', 'ecs', 'ecs', 's3']);
    const style = random.pick<Outage['style']>(['refuses', 'silent', 'answers-lost', 'errors']);
    // Each receive that is carried out unheard is one of the twenty that a message has: agents cannot help that.
    const longestMs = service === 'sqs' && style === 'answers-lost' ? MAX_UNHEARD_MS : forMs;
    return {
      service,
      fromMs,
      untilMs: Math.min(fromMs + forMs, fromMs + longestMs, untilMs),
      style,
      ...(of === undefined ? {} : { of }),
    };
  });
}

/** Of each kind none, a few, or many: a swarm of different worlds finds more than many of one mixture. */
function drawFaultRates(random: Random): Partial<Record<FaultKind, number>> {
  if (random.chance(0.15)) return {};
  const rates = FAULT_KINDS.map((kind) => [kind, random.pick([0, 0, 0, 0.005, 0.02, 0.06])] as const);
  const deaths = (['dies-before', 'dies-after-send', 'dies-after-answer'] as const).map(
    (kind) => [kind, random.pick([0, 0, 0.002, 0.01])] as const,
  );
  const denied = ['denied', random.pick([0, 0, 0, 0.01])] as const;
  return Object.fromEntries([...rates, ...deaths, denied].filter(([, rate]) => rate > 0));
}

function drawHabits(random: Random): ServiceHabits {
  const some = (...rates: readonly [number, ...number[]]): number => random.pick(rates);
  return {
    startFailure: some(0, 0.05, 0.2),
    spot: some(0, 0.05, 0.2),
    hostLost: some(0, 0.03, 0.1),
    workerKilled: some(0, 0.03, 0.1),
    stuckProvisioning: some(0, 0.02, 0.1),
    flowFails: some(0, 0.1, 0.3),
    noCapacity: some(0, 0, 0.1, 0.4),
    startsBesideFailure: some(0, 0, 0.3),
    failuresUseUpToken: random.chance(0.5),
    invisibleMs: some(0, 5_000, 60_000, 5 * MINUTE_MS),
    staleDescribe: some(0, 0.1),
    indexLag: some(0, 0, 0.1, 0.5),
    unprocessedKeys: some(0, 0.1),
    duplicateDelivery: some(0, 0.1, 0.3),
    deleteFails: some(0, 0, 0.1),
    lostEvents: some(0, 0.1, 0.5),
    poisonEvents: some(0, 0, 0.1),
  };
}
