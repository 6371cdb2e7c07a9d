import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoNoticeOutbox } from '../../src/aws/dynamo-notice-outbox.ts';
import type { RecordedCall } from '../../src/local/faults.ts';
import type { CrashBench } from './crash-bench.ts';

/** Topics that are told of the ends of runs: two, so that between them a death can leave one told and the other not. */
export const TOPICS = ['told-first', 'told-second'] as const;

/** The sinks of an agent.yaml, for flows whose names begin so. */
export function toldSinks(flows: string): string {
  const sinks = TOPICS.map((name) => {
    const topic = `arn:aws:sns:us-east-1:000000000000:${name}`;
    return { name, to: 'sns', topic, when: ['FAILED'], flows: [flows], throttle: '0s' };
  });
  return `notify: ${JSON.stringify(sinks)}\n`;
}

/** Whether nobody is left to be told of a run. */
export async function isOutOfOutbox({ options }: CrashBench, table: string, runId: string): Promise<boolean> {
  const client = createDynamoDbClient(options);
  try {
    return (await new DynamoNoticeOutbox(createDocumentClient(client), table).read(runId)) === undefined;
  } finally {
    client.destroy();
  }
}

/** What is not as it must be: each topic has been told at least once, and each time with the same key. */
export function wrongInTelling(calls: readonly RecordedCall[], runId: string): string | undefined {
  const told = calls.filter(({ operation, executed }) => operation === 'sns.Publish' && executed !== undefined);
  for (const topic of TOPICS) {
    const texts = told.map(({ input }) => JSON.stringify(input)).filter((text) => text.includes(`:${topic}"`));
    const ofRun = texts.filter((text) => text.includes(runId));
    if (ofRun.length === 0) return `${topic} was never told`;
    const key = `"${runId}/1/FAILED/${topic}"`;
    if (!ofRun.every((text) => text.includes(key))) return `${topic} was told with another key than ${key}`;
  }
  return undefined;
}
