import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Figure, percentile } from './figure.ts';
import { callsOf, openStage, type Stage, startAgent, until } from './local-stage.ts';

const RUNS = 400;
const PAUSE_MS = 25;

/** What a call takes to an AWS that is not in the next room. */
const SLOW_CALL_MS = 20;

/** From SendMessage's call to RunTask's arrival, one message every 25 ms; then with an AWS that is farther away. */
export async function measureLatency(): Promise<readonly Figure[]> {
  const near = await measureAt(0);
  const far = await measureAt(SLOW_CALL_MS);
  const name = 'SendMessage to RunTask';
  return [
    { name: `${name}, p50`, value: percentile(near, 0.5), unit: 'ms', aim: '≤ 50' },
    { name: `${name}, p99`, value: percentile(near, 0.99), unit: 'ms', aim: '' },
    { name: `${name}, ${SLOW_CALL_MS} ms per AWS call, p50`, value: percentile(far, 0.5), unit: 'ms', aim: '≤ 150' },
    { name: `${name}, ${SLOW_CALL_MS} ms per AWS call, p99`, value: percentile(far, 0.99), unit: 'ms', aim: '≤ 800' },
  ];
}

async function measureAt(callMs: number): Promise<readonly number[]> {
  const stage = await openStage();
  if (callMs > 0) stage.aws.faults.add({ operation: '*', fault: { kind: 'delay', ms: callMs } });
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
    // A call is noted when it arrives, and is worth something only once its own way is over.
    return stage.aws.faults
      .recorded('ecs.RunTask')
      .map(({ input, at }) => at + callMs - (sentAt.get(runIdOf(input)) ?? at));
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
