import { describe, expect, it } from 'vitest';
import { awsCallFaults, awsCallsIn } from '../../scripts/aws-call-rules.ts';

describe('the rule about calls of AWS', () => {
  it('finds commands and paginators by what a file imports, under the names that IAM has for them', () => {
    const text = `
      import { type ECSClient, paginateListTasks, RunTaskCommand } from '@aws-sdk/client-ecs';
      import { BatchGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
      import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
    `;
    expect(awsCallsIn(text)).toEqual([
      'ecs.ListTasks',
      'ecs.RunTask',
      'dynamodb.BatchGetItem',
      'dynamodb.TransactWriteItems',
      'sqs.ChangeMessageVisibility',
      'sqs.DeleteMessage',
    ]);
  });

  it('fails on a call that nobody has listed, and on a listed one that nobody makes', () => {
    const text = "import { UpdateServiceCommand } from '@aws-sdk/client-ecs';";
    const faults = awsCallFaults([{ name: 'src/aws/new.ts', text }]);
    expect(faults).toContain('src/aws/new.ts: calls ecs.UpdateService, which src/aws/aws-calls.ts lacks');
    expect(faults).toContain('src/aws/aws-calls.ts: nobody calls ecs.RunTask');
  });
});
