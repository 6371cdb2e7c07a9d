import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { commitChanges } from '../../src/aws/commit-changes.ts';
import type { PauseTiming } from '../../src/aws/conflict-pause.ts';
import { newScheduleState } from '../../src/core/schedules/schedule-state.ts';

/** A change of a schedule that makes no run, against these answers; resolves with what was sent and how long it paused. */
async function commitAgainst(...answers: readonly string[]) {
  const left = [...answers];
  const pauses: number[] = [];
  let sent = 0;
  const send = async (): Promise<object> => {
    sent += 1;
    const Code = left.shift();
    if (Code === undefined) return {};
    throw new TransactionCanceledException({ message: Code, CancellationReasons: [{ Code }], $metadata: {} });
  };
  const client: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
  const timing: PauseTiming = { sleep: async (ms) => void pauses.push(ms), random: () => 0.5 };
  const from = newScheduleState('etl/nightly', 'd', 0);
  const changes = [{ from, to: { ...from, version: 2 }, runs: [] }];
  return { outcomes: await commitChanges({ client, table: 'slipway' }, changes, timing), sent, pauses };
}

describe('changes of schedules', () => {
  it('are sent again after a pause where they met others at the same items', async () => {
    const met = await commitAgainst('TransactionConflict', 'TransactionConflict');
    expect(met).toEqual({ outcomes: ['done'], sent: 3, pauses: [10, 20] });
  });

  it('that lost their race are not sent again, and nobody waits for them', async () => {
    const lost = await commitAgainst('ConditionalCheckFailed');
    expect(lost).toEqual({ outcomes: ['lost'], sent: 1, pauses: [] });
  });

  it('that meet others again and again are left to whoever asks later', async () => {
    const { outcomes, sent } = await commitAgainst(...Array(20).fill('TransactionConflict'));
    expect({ outcomes, sent }).toEqual({ outcomes: ['lost'], sent: 9 });
  });
});
