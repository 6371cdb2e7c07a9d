import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AgentMetrics } from '../../src/agent/agent-metrics.ts';
import type { FinishedRun } from '../../src/core/run.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { runFacts, runRequest } from '../fakes/runs.ts';

const at = 1_800_000_000_000;

function endedRun(flow = 'hello'): FinishedRun {
  const entry = (status: 'LAUNCHING' | 'STARTING' | 'RUNNING', after: number) => ({
    status,
    attempt: 1,
    at: at + after,
    by: 'a',
  });
  return {
    ...runFacts({ request: runRequest({ flow }), requestedAt: at }),
    status: 'FAILED',
    history: [entry('LAUNCHING', 1_000), entry('STARTING', 3_000), entry('RUNNING', 9_000)],
    startedAt: at + 9_000,
    finishedAt: at + 69_000,
    reason: { code: 'EXIT_CODE', message: 'exit code 3' },
  };
}

function metrics() {
  const clock = new ManualClock();
  return { clock, metrics: new AgentMetrics({ clock, isFlow: (name) => name === 'hello', prices: () => ({}) }) };
}

describe("the agent's metrics", () => {
  it('count runs by flow, status and code, and measure their way', async () => {
    const { metrics: counted } = metrics();
    counted.onMove(endedRun());
    const { text, type } = await counted.text();
    expect(type).toContain('text/plain');
    expect(text).toContain('slipway_runs_total{flow="hello",status="FAILED",code="EXIT_CODE"} 1');
    expect(text).toContain('slipway_run_seconds_sum{flow="hello"} 60');
    expect(text).toContain('slipway_time_to_start_seconds_sum 9');
    expect(text).toContain('slipway_launch_phase_seconds_sum{phase="queued"} 1');
    expect(text).toContain('slipway_launch_phase_seconds_sum{phase="submit"} 2');
    expect(text).toContain('slipway_launch_phase_seconds_sum{phase="start"} 6');
  });

  it('put runs of flows that nobody knows under one name, and name no run', async () => {
    const { metrics: counted } = metrics();
    for (let i = 0; i < 50; i += 1) counted.onMove(endedRun(`made-up-${i}`));
    const { text } = await counted.text();
    expect(text).toContain('slipway_runs_total{flow="unknown",status="FAILED",code="EXIT_CODE"} 50');
    expect(text).not.toContain('made-up');
    expect(text).not.toContain('run-1');
  });

  it('measure how late the runs of ticks are, and add up what runs cost by flow', async () => {
    const { metrics: counted } = metrics();
    const run = endedRun();
    counted.onTick(run, 1_500);
    counted.onTick({ ...run, request: runRequest({ flow: 'made-up' }) }, -3);
    const observation = {
      taskArn: 'arn',
      lastStatus: 'STOPPED',
      containers: [],
      cpu: 1024,
      memory: 2048,
      launchType: 'FARGATE',
      pullStartedAt: at,
      stoppedAt: at + 3_600_000,
    };
    const taskArn = 'arn:aws:ecs:us-east-1:123456789012:task/main/abc';
    const attempt = { attempt: 1, status: 'FAILED', finishedAt: at, reason: run.reason, taskArn, observation } as const;
    counted.onMove({ ...run, attempts: [attempt, attempt] });
    counted.onMove(run);
    const { text } = await counted.text();
    expect(text).toContain('slipway_schedule_late_seconds_sum{flow="hello"} 1.5');
    expect(text).toContain('slipway_schedule_late_seconds_sum{flow="unknown"} 0');
    expect(text).toContain('slipway_run_cost_usd_total{flow="hello"} 0.09874');
  });

  it('have every name that the documents promise, and no run id in a label', async () => {
    const { metrics: counted } = metrics();
    const { text } = await counted.text();
    const names = new Set([...text.matchAll(/^# TYPE (slipway_\S+)/gm)].map(([, name]) => name));
    const documented = readFileSync('docs/operate.md', 'utf8').matchAll(/`(slipway_[a-z_]+)`/g);
    expect(new Set([...documented].map(([, name]) => name))).toEqual(names);
  });

  it('count throttles by API, registrations, and launches over the last minute', async () => {
    const { clock, metrics: counted } = metrics();
    const throttled = { name: 'ThrottlingException', message: 'Rate exceeded', httpStatusCode: 400 };
    counted.onCall({ service: 'ECS', operation: 'RunTask', error: throttled });
    counted.onCall({ service: 'ECS', operation: 'RegisterTaskDefinition' });
    const { task, ...facts } = { ...endedRun(), task: { taskArn: 'arn', launchedAt: at } };
    const intent = { request: { taskDefinition: 'arn' } } as never;
    for (let i = 0; i < 6; i += 1) counted.onMove({ ...facts, status: 'STARTING', task, intent });
    const { text } = await counted.text();
    expect(text).toContain('slipway_aws_throttles_total{api="ECS.RunTask"} 1');
    expect(text).toContain('slipway_taskdef_registered_total 1');
    expect(text).toContain('slipway_launch_rate 0.1');
    clock.advance(61_000);
    expect((await counted.text()).text).toContain('slipway_launch_rate 0\n');
  });
});
