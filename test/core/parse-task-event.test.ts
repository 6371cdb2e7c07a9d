import { describe, expect, it } from 'vitest';
import { parseTaskEvent } from '../../src/core/parse-task-event.ts';

function event(detail: object): string {
  return JSON.stringify({ version: '0', 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail });
}

describe('a task state change', () => {
  it('tells whose task it is about by its startedBy', () => {
    const detail = {
      taskArn: 'arn:task/1',
      startedBy: 'slipway/run-7/2',
      lastStatus: 'RUNNING',
      version: 3,
      containers: [],
    };
    expect(parseTaskEvent(event(detail))).toEqual({
      ok: true,
      value: { runId: 'run-7', attempt: 2, taskArn: 'arn:task/1', lastStatus: 'RUNNING' },
    });
  });

  it.each([
    ["of somebody else's task", { taskArn: 'arn:task/1', startedBy: 'ecs-svc/9' }],
    ['of a task that nobody signed', { taskArn: 'arn:task/1' }],
    ['without a task', { containerInstanceArn: 'arn:ci/1' }],
  ])('%s is none of ours', (_, detail) => {
    expect(parseTaskEvent(event(detail))).toEqual({ ok: true, value: undefined });
  });

  it.each(['', 'nonsense', '[]', '{"detail":7}', '{"detail":{"__proto__":{}}}'])('that is %j is refused', (body) => {
    expect(parseTaskEvent(body).ok).toBe(false);
  });
});
