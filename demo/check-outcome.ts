import { type FlowRun, isFinished } from '../src/core/run.ts';
import type { DemoClient } from './demo-client.ts';
import { type ExpectedRun, MESSAGES } from './messages.ts';

/** What is not as it should be, in words. */
export async function checkOutcome(
  client: DemoClient,
  runs: readonly FlowRun[],
  ticked: ExpectedRun,
): Promise<readonly string[]> {
  const expected = [...MESSAGES.flatMap(({ run }) => run ?? []), ticked];
  const rejected = runs.filter(
    (run) => isFinished(run) && run.reason.code === 'INVALID_REQUEST' && !run.runId.startsWith('demo-'),
  );
  const { queue, deadLetters } = await client.depths();
  return [
    ...expected.flatMap((wanted) => problemsOf(wanted, runs)),
    ...doubled(await client.startedBy()),
    ...(rejected.length === 1 ? [] : [`the malformed message has ${rejected.length} records instead of one`]),
    ...(deadLetters === 1 ? [] : [`the dead-letter queue holds ${deadLetters} messages instead of the malformed one`]),
    ...(queue === 0 ? [] : [`${queue} messages are still on the queue`]),
  ];
}

function problemsOf({ runId, status, code }: ExpectedRun, runs: readonly FlowRun[]): readonly string[] {
  const run = runs.find((one) => one.runId === runId);
  if (run === undefined) return [`${runId} has no record`];
  if (!isFinished(run)) return [`${runId} is still ${run.status}`];
  if (run.status === status && run.reason.code === code) return [];
  return [`${runId} is ${run.status} (${run.reason.code}: ${run.reason.message}) and should be ${status} (${code})`];
}

/** Each attempt has one task: `startedBy` is its name. */
function doubled(startedBy: readonly string[]): readonly string[] {
  return [...new Set(startedBy)]
    .filter((name) => startedBy.filter((other) => other === name).length > 1)
    .map((name) => `${name} has more than one task`);
}
