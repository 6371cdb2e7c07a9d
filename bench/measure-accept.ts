import type { Figure } from './figure.ts';
import { callsOf, openStage, sendRequests, startAgent, until } from './local-stage.ts';

const MESSAGES = 3_000;

/** From a full queue to their records, by an agent whose labels let it launch none of them. */
export async function measureAccept(): Promise<readonly Figure[]> {
  const stage = await openStage();
  try {
    await sendRequests(stage, MESSAGES, { labels: ['elsewhere'] });
    const drain = await startAgent(stage);
    const accepted = () => callsOf(stage, 'dynamodb.PutItem');
    await until(() => accepted() > 0);
    const first = accepted();
    const began = performance.now();
    await until(() => accepted() >= MESSAGES);
    const seconds = (performance.now() - began) / 1000;
    await drain();
    return [{ name: 'messages accepted', value: (MESSAGES - first) / seconds, unit: '/s', aim: '≥ 300' }];
  } finally {
    await stage.stop();
  }
}
