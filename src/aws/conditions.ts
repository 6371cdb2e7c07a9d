import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { FlowRun } from '../core/run.ts';

/** What has to be true of a record for a write to count. */
export type Condition = Pick<PutCommandInput, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> & {
  readonly ConditionExpression: string;
};

/** There is no such item. */
export const IS_ABSENT: Condition = { ConditionExpression: 'attribute_not_exists(PK)' };

/** Nobody has written the record since it was read. */
export function isUnchanged({ version }: Pick<FlowRun, 'version'>): Condition {
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': version },
  };
}
