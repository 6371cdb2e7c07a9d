import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Figure, percentile } from './figure.ts';
import { callsOf, openStage, type Stage, startAgent, until } from './local-stage.ts';

const RUNS = 400;
const PAUSE_MS = 25;

/** From SendMessage's call to RunTask's arrival, one message every 25 ms. */
export async function measureLatency(): Promise<readonly Figure[]> {
  const stage = await openStage();
  try {
    const drain = await startAgent(stage);
    await sendOne(stage, 'warm-up');
    await until(() => callsOf(stage, 'ecs.RunTask') >= 1);
    stage.aws.faults.record();
    const sentAt = new Map<string, number>();
    for (let i = 0; i < RUNS; i += 1) {
      const runId = `run-${i}`;
      sentAt.set(runId, Date.now());
      await sendOne(stage, runId);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await until(() => callsOf(stage, 'ecs.RunTask') >= RUNS + 1);
    await drain();
    const delays = stage.aws.faults
      .recorded('ecs.RunTask')
      .map(({ input, at }) => at - (sentAt.get(runIdOf(input)) ?? at));
    return [
      { name: 'SendMessage to RunTask, p50', value: percentile(delays, 0.5), unit: 'ms', aim: '≤ 50' },
      { name: 'SendMessage to RunTask, p99', value: percentile(delays, 0.99), unit: 'ms', aim: '' },
    ];
  } finally {
    await stage.stop();
  }
}

async function sendOne({ sqs, queueUrl }: Stage, runId: string): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ flow: 'noop', runId }) }));
}

function runIdOf(input: unknown): string {
  return /"startedBy":"slipway\/([^/]+)\//.exec(JSON.stringify(input))?.[1] ?? '';
}
