import { ECSClient } from '@aws-sdk/client-ecs';
import type { Figure } from './figure.ts';
import { callsOf, openStage, pause, sendRequests, spawnAgent, until } from './local-stage.ts';
import { registerRunDeregister } from './register-run-deregister.ts';

/** The bursts of ECS's buckets are used up first: what is measured is what lasts. */
const BURST_MS = 12_000;
const MEASURED_MS = 30_000;

/** Runs that the other way holds at once. */
const AT_ONCE = 20;

/** Runs launched a second under the rates that ECS documents for an account, for us and for a definition for each run. */
export async function measureRates(): Promise<readonly Figure[]> {
  const ours = await measureOurs();
  const theirs = await measureTheirs();
  const rates = "under ECS's rates";
  return [
    { name: `runs launched ${rates}, first 40 s`, value: ours.withBurst, unit: '/s', aim: '' },
    { name: `runs launched ${rates}, once bursts are used up`, value: ours.sustained, unit: '/s', aim: '≥ 18' },
    { name: `of their calls throttled`, value: ours.throttledShare * 100, unit: '%', aim: '≤ 1' },
    { name: `register, run, deregister for each run ${rates}`, value: theirs, unit: '/s', aim: '' },
    { name: 'ours against theirs', value: ours.sustained / theirs, unit: '×', aim: '≥ 20' },
  ];
}

interface OurRates {
  readonly withBurst: number;
  readonly sustained: number;
  readonly throttledShare: number;
}

async function measureOurs(): Promise<OurRates> {
  const stage = await openStage({ buckets: 'aws' });
  try {
    await sendRequests(stage, 1_000);
    const agent = spawnAgent(stage, { config: 'production.yaml' });
    const sent = () => callsOf(stage, 'ecs.RunTask');
    await until(() => sent() > 0);
    const began = performance.now();
    await pause(BURST_MS);
    const [before, since] = [sent(), performance.now()];
    await pause(MEASURED_MS);
    const [after, end] = [sent(), performance.now()];
    await agent.drain();
    // Every launch has one task; a call beyond them was throttled, or repeated.
    const launched = await tasksOf(stage.aws.url);
    return {
      withBurst: (after * 1000) / (end - began),
      sustained: ((after - before) * 1000) / (end - since),
      throttledShare: Math.max(0, (sent() - launched) / sent()),
    };
  } finally {
    await stage.stop();
  }
}

async function tasksOf(endpoint: string): Promise<number> {
  const { paginateListTasks } = await import('@aws-sdk/client-ecs');
  const client = new ECSClient({ region: 'us-east-1', endpoint, retryMode: 'adaptive', maxAttempts: 20 });
  let count = 0;
  for await (const { taskArns = [] } of paginateListTasks({ client }, {})) count += taskArns.length;
  client.destroy();
  return count;
}

/** As many runs as its rates allow, by the SDK's adaptive retries: the best that this way can do. */
async function measureTheirs(): Promise<number> {
  const stage = await openStage({ buckets: 'aws' });
  const ecs = new ECSClient({
    region: 'us-east-1',
    endpoint: stage.aws.url,
    retryMode: 'adaptive',
    maxAttempts: 1_000,
  });
  try {
    let done = 0;
    let isOver = false;
    const worker = async (_: unknown, number: number): Promise<void> => {
      for (let i = 0; !isOver; i += 1) if (await registerRunDeregister(ecs, `${number}-${i}`)) done += 1;
    };
    const workers = Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    // Twenty at once are through with the burst when each has begun its second round.
    await pause(BURST_MS * 2);
    const [before, since] = [done, performance.now()];
    await pause(MEASURED_MS);
    const rate = ((done - before) * 1000) / (performance.now() - since);
    isOver = true;
    ecs.destroy();
    await Promise.race([workers, pause(2_000)]);
    return rate;
  } finally {
    await stage.stop();
  }
}
