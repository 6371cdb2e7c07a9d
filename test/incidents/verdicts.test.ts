import { describe, expect, it } from 'vitest';
import { EventReceiver } from '../../src/agent/receive-events.ts';
import { claimStart, recordResult } from '../../src/core/claim-start.ts';
import { classifyAnswer } from '../../src/core/classify-launch.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { silentLog } from '../../src/service/log.ts';
import { MemoryRequestQueue } from '../fakes/memory-request-queue.ts';
import { planOf } from '../runs/deps.ts';
import { IncidentWorld, stop } from './incident-world.ts';

const MINUTE_MS = 60_000;
const ONCE_MORE = {
  FAILED: { max: 0, delayMs: 0, backoff: 1, maxDelayMs: 0 },
  CRASHED: { max: 1, delayMs: 1_000, backoff: 1, maxDelayMs: 1_000 },
};

describe('incidents in which a run was told to have ended otherwise than it had', () => {
  it('R8: answers without tasks and tasks without containers are no crash of the agent', async () => {
    expect(classifyAnswer({})).toMatchObject({ kind: 'unclear' });
    expect(classifyAnswer({ tasks: [], failures: [] })).toMatchObject({ kind: 'unclear' });
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING', { containers: [] });
    expect((await world.look()).status).toBe('RUNNING');
    world.show('STOPPED', { containers: [], stopCode: 'EssentialContainerExited' });
    expect(await world.look()).toMatchObject({ status: 'CRASHED', reason: { code: 'NO_EXIT_CODE' } });
  });

  it('R10: of 150 runs at once that start slowly, or are not shown by ECS yet, none is called crashed', async () => {
    const world = new IncidentWorld();
    for (let i = 0; i < 150; i += 1) await world.launch(await world.accept({ runId: `run-${i}` }));
    const notShown = world.host.taskArns.filter((_, index) => index % 3 === 0);
    for (const arn of notShown) world.host.observations.delete(arn);
    world.clock.advance(MINUTE_MS);
    await world.look('run-0');
    world.clock.advance(9 * MINUTE_MS);
    await world.look('run-0');
    expect(statuses(world, 150)).toEqual(new Set(['STARTING']));
    for (const arn of world.host.taskArns) world.host.end(arn, 0);
    await world.look('run-0');
    expect(statuses(world, 150)).toEqual(new Set(['SUCCEEDED']));
    expect(world.host.taskArns).toHaveLength(150);
  });

  it('R11: a task that failed to start, with no containers told, ends its attempt, and the next one runs', async () => {
    const world = new IncidentWorld({ retries: ONCE_MORE });
    await world.launch();
    world.show('STOPPED', failedToStart(''));
    const again = await world.look();
    expect(again).toMatchObject({ status: 'QUEUED', attempt: 2, attempts: [{ status: 'CRASHED' }] });
    world.clock.advance(1_000);
    await world.launch(again);
    world.show('STOPPED', failedToStart(''));
    expect(await world.look()).toMatchObject({ status: 'CRASHED', attempt: 2, reason: { code: 'TASK_NOT_STARTED' } });
  });

  it('R12: an event that tells of a failed start is no success: only an exit code 0 of the named container is', async () => {
    const world = new IncidentWorld();
    await world.launch();
    const stopped = failedToStart('ResourceInitializationError: unable to pull secrets');
    world.show('STOPPED', stopped);
    const detail = { taskArn: world.taskArn, startedBy: 'slipway/run-1/1', lastStatus: 'STOPPED', ...stopped };
    await tellEvent(world, JSON.stringify({ 'detail-type': 'ECS Task State Change', detail }));
    expect(world.run()).not.toMatchObject({ status: 'SUCCEEDED' });
    expect(world.run()).toMatchObject({ attempts: [{ reason: { code: 'RESOURCE_INITIALIZATION' } }] });
    world.show('STOPPED', { stopCode: 'EssentialContainerExited', containers: [{ name: 'sidecar', exitCode: 0 }] });
    const other = new IncidentWorld();
    await other.launch();
    other.show('STOPPED', { stopCode: 'EssentialContainerExited', containers: [{ name: 'sidecar', exitCode: 0 }] });
    expect(await other.look()).toMatchObject({ status: 'CRASHED', reason: { code: 'NO_EXIT_CODE' } });
  });

  it('R18: a container that was killed for its memory ends the run, and says so', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING');
    await world.look();
    const containers = [
      { name: 'flow', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ];
    world.show('STOPPED', { stopCode: 'EssentialContainerExited', containers });
    expect(await world.look()).toMatchObject({ status: 'CRASHED', exitCode: 137, reason: { code: 'OUT_OF_MEMORY' } });
  });

  it("R19: a worker's success that is written while an observer with an older copy judges its exit stands", async () => {
    const world = new IncidentWorld();
    const workers = { ...world.deps, planner: workerPlanner };
    await world.launch(undefined, workers);
    const { taskArn } = world;
    const claimed = claimStart(world.run(), { attempt: 1, taskArn, now: 0 });
    if (!claimed.ok) throw new Error(claimed.error);
    world.store.seed(claimed.value);
    world.host.end(taskArn, 0);
    world.store.onCall = (call) => {
      if (call.name !== 'move') return;
      world.store.onCall = () => undefined;
      const recorded = recordResult(world.run(), taskArn, { status: 'SUCCEEDED', exitCode: 0, at: 1 });
      if (recorded) world.store.seed(recorded);
    };
    expect(await world.look()).toMatchObject({ status: 'RUNNING', result: { status: 'SUCCEEDED' } });
    expect(await world.look()).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });

  it('R20: a task that ECS does not know just after its launch is not lost', async () => {
    const world = new IncidentWorld();
    await world.launch();
    const { taskArn } = world;
    world.host.observations.delete(taskArn);
    for (let seconds = 0; seconds < 300; seconds += 5) {
      world.clock.advance(5_000);
      expect((await world.look()).status).toBe('STARTING');
    }
    world.show('RUNNING', {}, taskArn);
    expect((await world.look()).status).toBe('RUNNING');
    expect(world.host.launches).toHaveLength(1);
  });

  it('R20: one that ECS has forgotten is lost only when it could have been described and was not', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING');
    await world.look();
    world.host.observations.delete(world.taskArn);
    world.clock.advance(64 * MINUTE_MS);
    expect((await world.look()).status).toBe('RUNNING');
    world.clock.advance(2 * MINUTE_MS);
    expect(await world.look()).toMatchObject({ status: 'CRASHED', reason: { code: 'TASK_LOST' } });
  });
});

function failedToStart(stoppedReason: string) {
  return { stopCode: 'TaskFailedToStart', stoppedReason, containers: [] };
}

const workerPlanner: IncidentWorld['deps']['planner'] = async (run) => ({
  ok: true,
  value: { plan: planOf(run, { worker: true }), policy: DEFAULT_POLICY },
});

/** One event on the queue of task state changes, received, and one round of the watcher that was hinted at. */
async function tellEvent(world: IncidentWorld, body: string): Promise<void> {
  const queue = new MemoryRequestQueue();
  await queue.send(body);
  const watch = world.watcher();
  const onHint = (runId: string) => watch.hint(runId);
  const loop = { clock: world.clock, log: silentLog, onTrouble: () => undefined };
  await new EventReceiver({ ...loop, queue, onHint }).receive(0, stop);
  await watch.look(stop);
}

function statuses(world: IncidentWorld, count: number): ReadonlySet<FlowRun['status']> {
  return new Set(Array.from({ length: count }, (_, index) => world.run(`run-${index}`).status));
}
