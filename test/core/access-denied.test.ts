import { describe, expect, it } from 'vitest';
import { adviceOnDenial, parseAccessDenied } from '../../src/core/access-denied.ts';

const AGENT = 'arn:aws:sts::111122223333:assumed-role/etl-agent/i-0';

function words(action: string, resource: string): string {
  return `User: ${AGENT} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}

function statementFor(action: string, resource: string): unknown {
  return JSON.parse(/: (\{.*\})$/.exec(adviceOnDenial(words(action, resource)) ?? '')?.[1] ?? '');
}

describe('words in which AWS denies something', () => {
  it('tell who, what and on which resource', () => {
    expect(parseAccessDenied(words('sqs:receivemessage', 'arn:aws:sqs:us-east-1:111122223333:q'))).toEqual({
      principal: AGENT,
      action: 'sqs:receivemessage',
      resource: 'arn:aws:sqs:us-east-1:111122223333:q',
    });
    expect(parseAccessDenied(words('s3:GetObject', '"arn:aws:s3:::files/a"'))?.resource).toBe('arn:aws:s3:::files/a');
  });

  it('lead to the role whose session it was, and to the statement that it lacks', () => {
    expect(adviceOnDenial(words('ecs:ListTasks', '*'))).toBe(
      'add to the policy of role etl-agent: {"Effect":"Allow","Action":"ecs:ListTasks","Resource":"*"}',
    );
    expect(adviceOnDenial('ThrottlingException: Rate exceeded')).toBeUndefined();
  });

  it.each([
    ['task/etl/0123', 'task/etl/*'],
    ['task-definition/etl-nightly:7', 'task-definition/etl-nightly:*'],
    ['task-definition/etl-nightly', 'task-definition/etl-nightly'],
    ['cluster/etl', 'cluster/etl'],
  ])('mean by %s what will be there tomorrow', (resource, lasting) => {
    const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:${name}`;
    expect(statementFor('ecs:RunTask', arn(resource))).toMatchObject({ Resource: arn(lasting) });
  });

  it('mean all streams of a log group', () => {
    const group = 'arn:aws:logs:us-east-1:111122223333:log-group:/runs';
    expect(statementFor('logs:CreateLogStream', `${group}:log-stream:run/flow/1`)).toMatchObject({
      Resource: `${group}:*`,
    });
  });

  it('let a role be passed to tasks only', () => {
    expect(statementFor('iam:PassRole', 'arn:aws:iam::111122223333:role/etl')).toMatchObject({
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  });
});
