import { describe, expect, it } from 'vitest';
import { classifyAnswer, classifyError } from '../../src/core/classify-launch.ts';
import type { FlowRun } from '../../src/core/run.ts';
import type { LaunchOutcome } from '../../src/core/task-host.ts';
import { recoverLaunch } from '../../src/runs/recover-launch.ts';
import { IncidentWorld, stop } from './incident-world.ts';

const RETRY_3 = {
  FAILED: { max: 0, delayMs: 0, backoff: 1, maxDelayMs: 0 },
  CRASHED: { max: 3, delayMs: 1_000, backoff: 2, maxDelayMs: 60_000 },
};

describe('incidents in which something was repeated too often, or not at all', () => {
  it('R13: ten minutes in which ECS answers no look-up cost ten calls a round, judge nobody, and stop no launch', async () => {
    const world = new IncidentWorld();
    for (let i = 0; i < 1_000; i += 1) await world.launch(await world.accept({ runId: `run-${i}` }));
    const watch = world.watcher();
    await watch.scan();
    const observe = world.host.observe.bind(world.host);
    let calls = 0;
    world.host.observe = () => {
      calls += 1;
      return Promise.reject(new Error('ThrottlingException: Rate exceeded'));
    };
    await watch.look(stop, true);
    expect(calls).toBe(10);
    world.clock.advance(10 * 60_000);
    await watch.look(stop, true);
    expect(calls).toBe(20);
    expect(world.run('run-0').status).toBe('STARTING');
    expect(await world.launch(await world.accept({ runId: 'meanwhile' }))).toMatchObject({ status: 'STARTING' });
    world.host.observe = observe;
    for (const arn of world.host.taskArns) world.host.end(arn, 0);
    await watch.scan();
    await watch.look(stop, true);
    expect(watch.size).toBe(0);
    expect(world.run('run-999').status).toBe('SUCCEEDED');
  });

  it('R15: two hundred runs of a flow by two agents register its definition twice at most', async () => {
    const world = new IncidentWorld();
    for (let i = 0; i < 200; i += 1) {
      await world.launch(await world.accept({ runId: `run-${i}` }), world.depsOf(`agent-${i % 2}`));
    }
    expect(world.host.taskArns).toHaveLength(200);
    expect(world.host.registrations.length).toBeLessThanOrEqual(2);
  });

  it('R16: a throttle inside another error puts the launch off, and costs the run no attempt', async () => {
    const outcome = classifyError({
      name: 'InvalidParameterException',
      message: 'Unable to run task: Rate exceeded (Service: AmazonEC2; Status Code: 503; Error Code: Throttling)',
    });
    expect(outcome).toMatchObject({ kind: 'not-placed', reason: { code: 'THROTTLED' } });
    const world = new IncidentWorld();
    world.host.nextOutcomes.push(outcome);
    const waiting = await world.launch();
    expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 1, attempts: [], waiting: { code: 'THROTTLED' } });
    world.clock.advance(60_000);
    expect(await world.launch(waiting)).toMatchObject({ status: 'STARTING', attempt: 1 });
    expect(world.host.taskArns).toHaveLength(1);
  });

  it('R26: a task that never starts is tried as often as its flow says, ever more seldom, and then no more', async () => {
    const world = new IncidentWorld({ retries: RETRY_3 });
    let run = await world.launch();
    const delays: number[] = [];
    while (run?.status !== 'CRASHED') {
      world.show('STOPPED', { stopCode: 'TaskFailedToStart', containers: [] });
      run = await world.look();
      if (run.status !== 'QUEUED') continue;
      delays.push(run.notBefore - world.clock.now());
      world.clock.advance(60_000);
      run = await world.launch(run);
    }
    expect(run).toMatchObject({ status: 'CRASHED', attempt: 4 });
    expect(world.host.taskArns).toHaveLength(4);
    expect(delays).toEqual([500, 1_000, 2_000]);
  });

  it('R35: what ends without an execution uses up no attempt: no capacity, throttles, lost answers, dead agents', async () => {
    const world = new IncidentWorld({ retries: RETRY_3 });
    const outcomes: LaunchOutcome[] = [
      classifyAnswer({ failures: [{ reason: 'RESOURCE:MEMORY' }] }),
      classifyAnswer({ failures: [{ reason: 'Capacity is unavailable at this time.' }] }),
      classifyError({ name: 'ThrottlingException', message: 'Rate exceeded' }),
      classifyError({ name: 'ClientException', message: 'Capacity is unavailable at this time.' }),
    ];
    let run: FlowRun | undefined = await world.accept();
    for (const outcome of outcomes) {
      world.host.nextOutcomes.push(outcome);
      run = await world.launch(run);
      if (run?.status === 'LAUNCHING') run = await world.waitForPlace();
      expect(run).toMatchObject({ status: 'QUEUED', attempt: 1, attempts: [] });
      world.clock.advance(10 * 60_000);
    }
    world.host.nextOutcomes.push('lost-response');
    await world.launch(run);
    const found = await recoverLaunch(world.depsOf('agent-2'), world.launching(), stop);
    expect(found).toMatchObject({ status: 'STARTING', attempt: 1, attempts: [] });
    expect(world.host.taskArns).toHaveLength(1);
  });

  it('R52: the failure AGENT is a placement that may come right later', async () => {
    const outcome = classifyAnswer({ failures: [{ arn: 'arn:aws:ecs:container-instance', reason: 'AGENT' }] });
    expect(outcome).toMatchObject({ kind: 'not-placed', needsLookUp: true });
    const world = new IncidentWorld();
    world.host.nextOutcomes.push(outcome);
    expect(await world.launch()).toMatchObject({ status: 'LAUNCHING', unplaced: { reason: { code: 'NOT_PLACED' } } });
    const waiting = await world.waitForPlace();
    expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 1 });
    expect(await world.launch(waiting)).toMatchObject({ status: 'STARTING', attempt: 1 });
  });
});
