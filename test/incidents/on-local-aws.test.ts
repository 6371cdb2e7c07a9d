import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import { isFinished } from '../../src/core/run.ts';
import type { Registration } from '../../src/core/task-host.ts';
import { DefinitionRegistry } from '../../src/runs/definition-registry.ts';
import { recoverLaunch, TOKEN_TRUST_MS } from '../../src/runs/recover-launch.ts';
import { MemoryDefinitionStore } from '../fakes/memory-definition-store.ts';
import { secretsClient, startAws } from '../local/clients.ts';
import { Stage } from '../whole/stage.ts';
import { IncidentWorld, stop } from './incident-world.ts';

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function open(files?: Readonly<Record<string, string>>): Promise<Stage> {
  stage = await Stage.open(files);
  return stage;
}

/** A flow that is tried again at once. */
function eager(name: string, command: string): Record<string, string> {
  const retries = 'retries: { CRASHED: { max: 3, delay: 10ms } }';
  return {
    [`flows/${name}.yaml`]: `flow: ${name}\nversion: "1"\nrunConfig: { image: busybox, command: ${command} }\n${retries}\n`,
  };
}

async function tasksOf(world: Stage, runId: string): Promise<number> {
  const ecs = createEcsClient({ region: 'us-east-1', endpoint: world.aws.url });
  const listed = await Promise.all(
    (['RUNNING', 'STOPPED'] as const).map((desiredStatus) => ecs.send(new ListTasksCommand({ desiredStatus }))),
  );
  const tasks = listed.flatMap(({ taskArns = [] }) => taskArns);
  const { tasks: found = [] } = tasks.length === 0 ? {} : await ecs.send(new DescribeTasksCommand({ tasks }));
  ecs.destroy();
  return found.filter(({ startedBy }) => startedBy?.startsWith(`slipway/${runId}/`)).length;
}

describe('incidents on local AWS, with a real agent', () => {
  it('R1: a task that starts beside failures[] is adopted, not doubled', async () => {
    const world = await open();
    world.aws.ecsFaults.capacityFailure({ nth: 1, reason: 'RESOURCE:CPU', startTaskAnyway: true });
    await world.send({ flow: 'plain', runId: 'run-1' });
    const [run] = await world.processUntilEnded(await world.agent(), 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    expect(await tasksOf(world, 'run-1')).toBe(1);
  });

  it('R6: a launch whose task has come and gone meanwhile is found among the stopped ones, and not repeated', async () => {
    const aws = await startAws();
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
    const world = new IncidentWorld();
    const deps = {
      ...world.deps,
      host: new EcsTaskHost({ calls: ecs, launches: ecs }),
      definitions: registryOf(new EcsTaskHost({ calls: ecs, launches: ecs })),
    };
    aws.faults.add({ operation: 'ecs.RunTask', fault: { kind: 'lose-response' } });
    aws.faults.add({ operation: 'ecs.ListTasks', fault: { kind: 'lose-request' } });
    await world.launch(undefined, { ...deps, planner: planForLocalEcs(world) }).catch(() => undefined);
    expect(world.run().status).toBe('LAUNCHING');
    aws.faults.clear();
    await expect
      .poll(async () => (await ecs.send(new ListTasksCommand({ desiredStatus: 'STOPPED' }))).taskArns)
      .toHaveLength(1);
    const launches = aws.faults.counts().get('ecs.RunTask');
    world.clock.advance(TOKEN_TRUST_MS + 1);
    expect(await recoverLaunch(deps, world.launching(), stop)).toMatchObject({ status: 'STARTING', attempt: 1 });
    expect(aws.faults.counts().get('ecs.RunTask')).toBe(launches);
    ecs.destroy();
  });

  it('R14: sixteen agents that register one definition at the same moment all come to use one revision', async () => {
    const aws = await startAws({ ecs: { delays: { registeringMs: 20 } } });
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
    const store = new MemoryDefinitionStore();
    const agents = Array.from({ length: 16 }, () => registryOf(new EcsTaskHost({ calls: ecs, launches: ecs }), store));
    const resolve = (registry: DefinitionRegistry) => registry.resolve(DEFINITION, stop);
    const first = await Promise.all(agents.map(resolve));
    const refused = first.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of refused) expect(outcome).toMatchObject({ error: { kind: 'not-placed' } });
    const second = await Promise.all(agents.map(resolve));
    const revisions = second.map((outcome) => (outcome.ok ? outcome.value.taskDefinition : 'none'));
    expect(new Set(revisions).size).toBe(1);
    expect(revisions[0]).toContain(':task-definition/slipway-hello:');
    ecs.destroy();
  });

  it('R27: a run for which there was no memory is placed when there is some', async () => {
    const world = await open();
    world.aws.ecsFaults.capacityFailure({ nth: 1, reason: 'RESOURCE:MEMORY' });
    await world.send({ flow: 'plain', runId: 'run-1' });
    const agent = await world.agent();
    await agent.processAll(stop);
    const waiting = await world.store.get('run-1');
    if (waiting?.status !== 'LAUNCHING' || !waiting.unplaced) throw new Error('it does not wait for a place');
    expect(waiting).toMatchObject({ attempt: 1, unplaced: { reason: { code: 'NOT_PLACED' } } });
    const unplaced = { ...waiting.unplaced, until: 0 };
    await world.store.move(waiting, { ...waiting, version: waiting.version + 1, unplaced });
    const [run] = await world.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });

  it('R30: a message that was handed to nobody comes back, and costs the run no attempt', async () => {
    const world = await open();
    world.aws.faults.add({ operation: 'sqs.ReceiveMessage', nth: 1, fault: { kind: 'lose-response' } });
    await world.send({ flow: 'plain', runId: 'run-1' });
    const [run] = await world.processUntilEnded(await world.agent(), 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    expect(await world.depth()).toBe(0);
  });

  it('R36: bodies that cannot be read leave the queue with a reason, and those behind them run', async () => {
    const world = await open();
    for (let i = 0; i < 15; i += 1) await world.send('{"flow": not json');
    await world.send({ flow: 'plain', runId: 'behind' });
    const runs = await world.processUntilEnded(await world.agent(), 16);
    expect(runs.find(({ runId }) => runId === 'behind')).toMatchObject({ status: 'SUCCEEDED' });
    const rejected = runs.filter((run) => isFinished(run) && run.reason.code === 'INVALID_REQUEST');
    expect(rejected).toHaveLength(15);
    expect(await world.depth()).toBe(0);
    expect(await world.depth(world.deadLetterUrl)).toBe(15);
  });

  it('R48: a launch whose answers are lost again and again starts one task', async () => {
    const world = await open(eager('once', '["true"]'));
    world.aws.faults.add({ operation: 'ecs.RunTask', nth: 1, times: 5, fault: { kind: 'lose-response' } });
    await world.send({ flow: 'once', runId: 'run-1' });
    const [run] = await world.processUntilEnded(await world.agent(), 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    expect(world.callsOf('ecs.RunTask')).toBeGreaterThan(1);
    expect(await tasksOf(world, 'run-1')).toBe(1);
  });

  it('R49: tasks that ListTasks names twice are asked for once', async () => {
    const aws = await startAws();
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
    ecs.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const output = answer.output as { taskArns?: string[] };
        if (output.taskArns) output.taskArns = [...output.taskArns, ...output.taskArns];
        return answer;
      },
      { step: 'initialize' },
    );
    const world = new IncidentWorld();
    const host = new EcsTaskHost({ calls: ecs, launches: ecs });
    const deps = { ...world.deps, host, definitions: registryOf(host), planner: planForLocalEcs(world, '60') };
    await world.launch(undefined, deps);
    aws.faults.record();
    const pages = [];
    for await (const page of host.runningTasks('default', stop)) pages.push(page);
    expect(pages.flat()).toHaveLength(1);
    expect(aws.faults.recorded('ecs.DescribeTasks')).toMatchObject([{ input: { tasks: [expect.any(String)] } }]);
    ecs.destroy();
  });

  it('R50: a lost launch is looked up with `startedBy` alone, the only filter that goes with it', async () => {
    const world = await open();
    world.aws.faults.record();
    world.aws.ecsFaults.capacityFailure({ nth: 1, reason: 'RESOURCE:CPU', startTaskAnyway: true });
    await world.send({ flow: 'plain', runId: 'run-1' });
    await world.processUntilEnded(await world.agent(), 1);
    const lookUps = world.aws.faults.recorded('ecs.ListTasks').map(({ input }) => Object.keys(input as object));
    expect(lookUps.some((keys) => keys.includes('startedBy'))).toBe(true);
    for (const keys of lookUps) {
      if (keys.includes('startedBy')) expect(keys.sort()).toEqual(['cluster', 'startedBy']);
    }
  });

  it('R51: a secret is in no request, record or log line of the agent: ECS gets its ARN', async () => {
    const canary = 'canary-4f1d0c9e';
    const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:api-key';
    const world = await open({
      'flows/secretive.yaml': `flow: secretive\nversion: "1"\nrunConfig: { image: busybox, command: [sh, -c, 'test "$API_KEY" = ${canary.slice(0, 6)}-"4f1d0c9e"'], secrets: { API_KEY: "${arn}" } }\n`,
    });
    const secrets = secretsClient(world.aws.url);
    const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'api-key', SecretString: canary }));
    secrets.destroy();
    expect(ARN).toContain('secret:api-key');
    world.aws.faults.record();
    const agent = world.startAgent();
    const lines: string[] = [];
    agent.stdout?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    await world.send({ flow: 'secretive', runId: 'run-1' });
    const [run] = await world.untilEnded(1);
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    const sinks = JSON.stringify([world.aws.faults.recorded(), run, lines]);
    expect(sinks).toContain('run.succeeded');
    expect(sinks).not.toContain(canary);
  });
});

const DEFINITION: Registration = {
  kind: 'register',
  family: 'slipway-hello',
  hash: 'h',
  input: {
    family: 'slipway-hello',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'flow', image: 'busybox', command: ['sleep', '0'] }],
  },
};

function registryOf(host: EcsTaskHost, definitions = new MemoryDefinitionStore()): DefinitionRegistry {
  return new DefinitionRegistry({ definitions, host, now: () => 0 });
}

/** The plans of the world, as local ECS takes them. */
function planForLocalEcs(world: IncidentWorld, seconds = '0'): IncidentWorld['deps']['planner'] {
  return async (run) => {
    const planned = await world.deps.planner(run);
    if (planned === 'not-ours' || !planned.ok) return planned;
    const { plan } = planned.value;
    const runTask = {
      ...plan.runTask,
      cluster: 'default',
      launchType: 'FARGATE' as const,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      overrides: { containerOverrides: [{ name: 'flow', command: ['sleep', seconds] }] },
    };
    return { ok: true, value: { ...planned.value, plan: { ...plan, definition: DEFINITION, runTask } } };
  };
}
