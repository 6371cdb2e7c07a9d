import type { Figure } from './figure.ts';
import { openStage, pause, spawnAgent, until } from './local-stage.ts';

const MINUTE_MS = 60_000;

/** What an agent asks of SQS while nobody sends anything. */
export async function measureIdle(): Promise<readonly Figure[]> {
  const stage = await openStage();
  try {
    const calls = () => {
      const ofSqs = [...stage.aws.faults.counts()].filter(([operation]) => operation.startsWith('sqs.'));
      return ofSqs.reduce((sum, [, count]) => sum + count, 0);
    };
    const before = calls();
    const agent = spawnAgent(stage, { config: 'production.yaml' });
    await until(() => calls() > before);
    const first = calls();
    await pause(MINUTE_MS);
    const made = calls() - first;
    await agent.drain();
    return [{ name: 'SQS requests a minute of an idle agent', value: made, unit: '', aim: '≤ 4' }];
  } finally {
    await stage.stop();
  }
}
