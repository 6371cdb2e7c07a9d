import type { Figure } from './figure.ts';
import { callsOf, openStage, type Stage, sendRequests, startAgent, until } from './local-stage.ts';

const WARM_UP = 50;
const RUNS = 2_000;

/** From a full queue to tasks, and what each run costs in calls once the definition is known. */
export async function measureLaunch(): Promise<readonly Figure[]> {
  const stage = await openStage();
  try {
    const launched = () => callsOf(stage, 'ecs.RunTask');
    const drain = await startAgent(stage);
    await sendRequests(stage, WARM_UP);
    await until(() => launched() >= WARM_UP);
    const before = new Map(stage.aws.faults.counts());
    await sendRequests(stage, RUNS);
    const first = launched();
    const began = performance.now();
    await until(() => launched() >= WARM_UP + RUNS);
    const seconds = (performance.now() - began) / 1000;
    const calls = callsPerRun(stage, before);
    await drain();
    const left = WARM_UP + RUNS - first;
    return [{ name: 'runs launched, no rate limit', value: left / seconds, unit: '/s', aim: '≥ 100' }, ...calls];
  } finally {
    await stage.stop();
  }
}

/** The sender's own calls are not the agent's. */
const SENT_BY_US: ReadonlySet<string> = new Set(['sqs.SendMessageBatch']);

function callsPerRun({ aws }: Stage, before: ReadonlyMap<string, number>): readonly Figure[] {
  const operations = new Set([...aws.faults.counts().keys(), 'ecs.RegisterTaskDefinition']);
  return [...operations]
    .filter((operation) => !SENT_BY_US.has(operation))
    .map((operation) => {
      const calls = (aws.faults.counts().get(operation) ?? 0) - (before.get(operation) ?? 0);
      const aim = operation === 'ecs.RegisterTaskDefinition' ? '0' : '';
      return { name: `calls per run: ${operation}`, value: calls / RUNS, unit: '', aim };
    })
    .filter(({ value, aim }) => value > 0 || aim !== '');
}
