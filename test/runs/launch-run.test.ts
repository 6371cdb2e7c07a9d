import { beforeEach, describe, expect, it } from 'vitest';
import { err } from '../../src/core/result.ts';
import type { FlowRun, LaunchingRun, QueuedRun } from '../../src/core/run.ts';
import type { Unlaunched } from '../../src/core/task-host.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { recoverLaunch, TOKEN_TRUST_MS } from '../../src/runs/recover-launch.ts';
import { recordTask } from '../../src/runs/send-launch.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { memoryDeps, planOf, stop } from './deps.ts';

let { clock, store, host, files, deps } = memoryDeps();

beforeEach(() => {
  ({ clock, store, host, files, deps } = memoryDeps());
});

async function accepted(run: QueuedRun = queuedRun()): Promise<QueuedRun> {
  await store.accept(run);
  return run;
}

async function launch(run?: QueuedRun): Promise<FlowRun | 'not-ours' | undefined> {
  return launchRun(deps, await accepted(run), stop);
}

function notPlaced(needsLookUp: boolean): Unlaunched {
  return { kind: 'not-placed', reason: { code: 'NOT_PLACED', message: 'no capacity' }, needsLookUp };
}

async function recordedLaunching(): Promise<LaunchingRun> {
  const run = await store.get('run-1');
  if (run?.status !== 'LAUNCHING') throw new Error(`the run is ${run?.status}`);
  return run;
}

describe('a launch', () => {
  it('ends with the task on record', async () => {
    expect(await launch()).toMatchObject({ status: 'STARTING', task: { taskArn: host.taskArns[0] } });
  });

  it('has its whole request and token on record before they are sent', async () => {
    host.nextOutcomes.push('lost-response');
    await launch();
    expect((await recordedLaunching()).intent.request).toEqual(host.launches[0]?.request);
  });

  it('registers one definition for fifty runs of a flow, even all at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => launch(queuedRun({ runId: `run-${i}` }))));
    expect(host.registrations).toHaveLength(1);
    expect(new Set(host.launches.map(({ request }) => request.taskDefinition)).size).toBe(1);
    expect(host.taskArns).toHaveLength(50);
  });

  it('writes the files that the task will read before it claims', async () => {
    const upload = { uri: 's3://b/k', body: '{}', contentType: 'application/json' };
    deps = {
      ...deps,
      planner: async (run) => ({
        ok: true,
        value: { plan: planOf(run, { uploads: [upload] }), policy: await plannedPolicy(run) },
      }),
    };
    await launch();
    expect(files.files.has('s3://b/k')).toBe(true);
  });

  it('of a run that cannot be planned fails it with every fault and its place', async () => {
    const faults = [
      { place: { file: 'flows/etl.yaml', line: 9, column: 8 }, message: 'cpu 300 is not a Fargate size' },
    ];
    deps = { ...deps, planner: async () => err({ code: 'INVALID_CONFIG', faults }) };
    expect(await launch()).toMatchObject({
      status: 'FAILED',
      reason: { code: 'INVALID_CONFIG', message: 'flows/etl.yaml:9:8 cpu 300 is not a Fargate size' },
    });
    expect(host.launches).toHaveLength(0);
  });

  it('that ECS refuses fails the run in its own words', async () => {
    host.nextOutcomes.push({
      kind: 'refused',
      reason: { code: 'NOT_LAUNCHED', message: 'm', evidence: 'bad role' },
      needsLookUp: false,
    });
    expect(await launch()).toMatchObject({ status: 'FAILED', reason: { code: 'NOT_LAUNCHED', evidence: 'bad role' } });
  });

  it('that was throttled waits, keeps its attempt and takes a new token, since it may be another request by then', async () => {
    host.nextOutcomes.push(notPlaced(false));
    const waiting = await launch();
    expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 1, placement: 1, waiting: { code: 'NOT_PLACED' } });
    await launchRun(deps, waiting as QueuedRun, stop);
    const [first, second] = host.launches.map(({ request }) => request.clientToken);
    expect(first).not.toBe(second);
  });

  it('adopts a task that ECS has started beside a failure', async () => {
    const run = await accepted();
    const task = host.startTask({ request: { ...planOf(run).runTask, taskDefinition: 'f:1' } } as never);
    host.nextOutcomes.push(notPlaced(true));
    expect(await launchRun(deps, run, stop)).toMatchObject({ status: 'STARTING', task: { taskArn: task } });
  });

  it('postpones a run whose definition could not be registered', async () => {
    host.nextRegistrations.push({
      kind: 'not-placed',
      reason: { code: 'THROTTLED', message: 'm' },
      needsLookUp: false,
    });
    expect(await launch()).toMatchObject({ status: 'QUEUED', waiting: { code: 'THROTTLED' } });
  });

  it("is not made by an agent that the run's labels do not want", async () => {
    deps = { ...deps, planner: async () => 'not-ours' };
    expect(await launch()).toBe('not-ours');
    expect(await store.get('run-1')).toMatchObject({ status: 'QUEUED', version: 1 });
  });

  it('is made by one of two agents that want the same run', async () => {
    const run = await accepted();
    const outcomes = await Promise.all([launchRun(deps, run, stop), launchRun({ ...deps, by: 'agent-2' }, run, stop)]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    expect(host.launches).toHaveLength(1);
  });

  it('is not made after the run has expired', async () => {
    const run = queuedRun({ request: runRequest({ expiresAt: clock.now() - 1 }) });
    expect(await launch(run)).toMatchObject({ status: 'EXPIRED' });
    expect(host.launches).toHaveLength(0);
  });

  it('is made for another attempt of a run that has begun before it expired, and for no other', async () => {
    const request = runRequest({ expiresAt: clock.now() - 1 });
    const ended = {
      attempt: 1,
      status: 'CRASHED',
      finishedAt: 1,
      reason: { code: 'HOST_LOST', message: 'm' },
    } as const;
    const again = queuedRun({ request, attempt: 2, attempts: [{ ...ended, startedAt: 1 }] });
    expect(await launch(again)).toMatchObject({ status: 'STARTING', attempt: 2 });
    const neverBegan = queuedRun({ runId: 'run-2', request, attempt: 2, attempts: [ended] });
    expect(await launch(neverBegan)).toMatchObject({ status: 'EXPIRED' });
  });

  it('is not made for a cancelled run', async () => {
    await accepted();
    await cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'wrong date', now: clock.now() });
    expect(await store.get('run-1')).toMatchObject({
      status: 'CANCELLED',
      reason: { message: 'Cancelled by ann: wrong date' },
    });
  });
});

describe('a definition that somebody has deregistered', () => {
  it('is registered again for the same attempt', async () => {
    await launch();
    const evidence = 'ClientException: TaskDefinition is inactive';
    host.nextOutcomes.push({
      kind: 'refused',
      reason: { code: 'NOT_LAUNCHED', message: 'm', evidence },
      needsLookUp: false,
    });
    const waiting = await launch(queuedRun({ runId: 'run-2' }));
    expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 1, placement: 1 });
    expect(await launchRun(deps, waiting as QueuedRun, stop)).toMatchObject({ status: 'STARTING' });
    expect(host.registrations).toHaveLength(2);
  });
});

describe('a launch that ECS has answered without a task', () => {
  beforeEach(async () => {
    host.nextOutcomes.push(notPlaced(true));
    await launch();
  });

  async function untilPlacedAnew(): Promise<void> {
    clock.advance(20_000);
    await recoverLaunch(deps, await recordedLaunching(), stop);
  }

  it('stays open for a while, and is not sent again under its token', async () => {
    expect(await recordedLaunching()).toMatchObject({ unplaced: { reason: { code: 'NOT_PLACED' } } });
    expect(await recoverLaunch(deps, await recordedLaunching(), stop)).toBeUndefined();
    expect(host.launches).toHaveLength(1);
  });

  it('is looked up once more, and then takes a new token in the same attempt', async () => {
    await untilPlacedAnew();
    const waiting = await store.get('run-1');
    expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 1, placement: 1, waiting: { code: 'NOT_PLACED' } });
    await launchRun(deps, waiting as QueuedRun, stop);
    const [first, second] = host.launches.map(({ request }) => request.clientToken);
    expect(first).not.toBe(second);
  });

  it('has the task that shows itself only then', async () => {
    const task = host.startTask((await recordedLaunching()).intent);
    await untilPlacedAnew();
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', task: { taskArn: task } });
  });

  it('ends at once when it is cancelled', async () => {
    await cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'no', now: clock.now() });
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(await store.get('run-1')).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('a launch without an outcome', () => {
  beforeEach(async () => {
    host.nextOutcomes.push('lost-response');
    await launch();
  });

  it('is repeated with the same request and token, and meets its own task', async () => {
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', attempt: 1 });
    expect(host.taskArns).toHaveLength(1);
    expect(host.launches[1]?.request).toEqual(host.launches[0]?.request);
  });

  it('is looked up when its repeat is refused: the first sending may have arrived', async () => {
    host.nextOutcomes.push({
      kind: 'refused',
      reason: { code: 'NOT_LAUNCHED', message: 'm', evidence: 'ClientException: no' },
      needsLookUp: false,
    });
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', task: { taskArn: host.taskArns[0] } });
  });

  it.each<Unlaunched>([
    notPlaced(false),
    notPlaced(true),
    { kind: 'refused', reason: { code: 'PERMISSION_DENIED', message: 'm' }, needsLookUp: false },
  ])('stays open whatever its repeat is told while no task shows itself ($kind)', async (outcome) => {
    host.findTask = async () => undefined;
    host.nextOutcomes.push(outcome);
    await recoverLaunch(deps, await recordedLaunching(), stop);
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', attempt: 1 });
    expect(new Set(host.launches.map(({ request }) => request.clientToken)).size).toBe(1);
    expect(host.taskArns).toHaveLength(1);
  });

  it('keeps the ARN that comes back while somebody cancels the run', async () => {
    const launching = await recordedLaunching();
    await cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'no', now: clock.now() });
    await recordTask(deps, launching, 'arn:task');
    expect(await store.get('run-1')).toMatchObject({
      status: 'STARTING',
      task: { taskArn: 'arn:task' },
      cancel: { by: 'ann' },
    });
  });

  it('is looked up, not repeated, once its token may be gone', async () => {
    clock.advance(TOKEN_TRUST_MS + 1);
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(host.launches).toHaveLength(1);
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', attempt: 1 });
  });

  it('is not repeated for a cancelled run: its task is found and will be stopped', async () => {
    await cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'no', now: clock.now() });
    await recoverLaunch(deps, await recordedLaunching(), stop);
    expect(host.launches).toHaveLength(1);
    expect(await store.get('run-1')).toMatchObject({ status: 'STARTING', cancel: { by: 'ann' } });
  });
});

it('a launch whose request never arrived is fenced when its token may be gone: the next attempt runs', async () => {
  host.nextOutcomes.push({
    kind: 'unclear',
    reason: { code: 'LAUNCH_UNCLEAR', message: 'no answer' },
    needsLookUp: false,
  });
  await launch();
  clock.advance(TOKEN_TRUST_MS + 1);
  await recoverLaunch(deps, await recordedLaunching(), stop);
  expect(await store.get('run-1')).toMatchObject({
    status: 'QUEUED',
    attempt: 2,
    attempts: [{ reason: { code: 'ATTEMPT_FENCED' } }],
  });
});

async function plannedPolicy(run: QueuedRun) {
  const planned = await memoryDeps().deps.planner(run);
  if (planned === 'not-ours' || !planned.ok) throw new Error('no plan');
  return planned.value.policy;
}
