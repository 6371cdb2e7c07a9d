import { describe, expect, it } from 'vitest';
import { readObservation } from '../../src/core/read-observation.ts';
import { traceRun } from '../../src/core/trace-run.ts';
import { queuedRun } from '../fakes/runs.ts';

const T = 1_700_000_000_000;
const task = {
  taskArn: 'arn:task/1',
  lastStatus: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [{ name: 'flow', exitCode: 3 }],
  createdAt: T + 600,
  pullStartedAt: T + 2_000,
  pullStoppedAt: T + 5_000,
  startedAt: T + 5_500,
  stoppingAt: T + 9_000,
  stoppedAt: T + 9_500,
};

describe('the trace of a run', () => {
  const run = queuedRun({
    requestedAt: T,
    history: [
      { status: 'QUEUED', attempt: 1, at: T, by: 'agent-1' },
      { status: 'LAUNCHING', attempt: 1, at: T + 500, by: 'agent-1' },
      { status: 'FAILED', attempt: 1, at: T + 10_000, by: 'agent-2', code: 'EXIT_CODE' },
    ],
  });

  it('has our moves, the moments of ECS and the lines of the container in the order of time, with offsets', () => {
    const lines = [{ at: T + 6_000, message: 'hello' }];
    const told = traceRun(run, [{ attempt: 1, task, lines }]).map(
      ({ offsetMs, source, what }) => `${offsetMs} ${source} ${what}`,
    );
    expect(told).toEqual([
      '0 slipway QUEUED',
      '500 slipway LAUNCHING',
      '600 ecs task created',
      '2000 ecs image pull started',
      '5000 ecs image pull finished',
      '5500 ecs containers started',
      '6000 output hello',
      '9000 ecs task is being stopped',
      '9500 ecs task stopped: EssentialContainerExited, Essential container in task exited, flow exit 3',
      '10000 slipway FAILED  EXIT_CODE',
    ]);
  });

  it('has our step before what came of it in the same moment', () => {
    const told = traceRun(run, [{ attempt: 1, lines: [{ at: T + 500, message: 'first' }] }]);
    expect(told.slice(1, 3).map(({ source }) => source)).toEqual(['slipway', 'output']);
  });

  it('reads what the record keeps of a task, and nothing else', () => {
    expect(readObservation(JSON.parse(JSON.stringify(task)))).toEqual(task);
    for (const wrong of [undefined, null, 'text', 7, [], {}, { taskArn: 7, lastStatus: 'STOPPED' }])
      expect(readObservation(wrong)).toBeUndefined();
    expect(readObservation({ taskArn: 'a', lastStatus: 'b', startedAt: 'soon', containers: [7] })).toEqual({
      taskArn: 'a',
      lastStatus: 'b',
      containers: [],
    });
  });
});
