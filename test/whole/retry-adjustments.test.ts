import { PutClusterCapacityProvidersCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/create-agent.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { type FlowRun, isFinished } from '../../src/core/run.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { Stage } from './stage.ts';

const FLOWS = {
  'flows/hungry.yaml': `
flow: hungry
runConfig: { image: busybox, command: [sleep, "60"], cpu: 256, memory: 2048 }
retries: { CRASHED: { max: 5, delay: 1ms, escalate: double } }
`,
  'flows/listed.yaml': `
flow: listed
runConfig: { image: busybox, command: [sleep, "60"], profile: small }
retries: { CRASHED: { max: 5, delay: 1ms, escalate: [large] } }
`,
  'flows/spot.yaml': `
flow: spot
runConfig:
  image: busybox
  command: [sleep, "60"]
  capacityProviderStrategy: [{ capacityProvider: FARGATE_SPOT, weight: 1 }]
timeouts: { stop: 2s }
retries: { CRASHED: { max: 5, delay: 1ms, onDemandAfter: 2 } }
`,
  'flows/waits.yaml': `
flow: waits
runConfig: { image: busybox, command: ["true"] }
retries: { CRASHED: { max: 0 } }
`,
};

const stop = createStop().signal;
let stage: Stage;
let agent: Agent;

beforeEach(async () => {
  stage = await Stage.open(FLOWS);
  agent = await stage.agent();
  stage.aws.faults.record();
});
afterEach(() => stage.close());

/** Works until the run is as wanted; each task that runs is done `harm` to, once. */
async function workUntil(
  runId: string,
  wanted: (run: FlowRun) => boolean,
  harm: (arn: string) => void,
): Promise<FlowRun> {
  const harmed = new Set<string>();
  for (;;) {
    await agent.processAll(stop);
    const run = await stage.store.get(runId);
    if (run !== undefined && (wanted(run) || isFinished(run))) return run;
    if (run?.status !== 'RUNNING' || harmed.has(run.task.taskArn)) continue;
    harmed.add(run.task.taskArn);
    harm(run.task.taskArn);
  }
}

const requests = () =>
  stage.aws.faults
    .recorded('ecs.RunTask')
    .map(({ input }): Record<string, unknown> => JSON.parse(JSON.stringify(input)));

/** A cluster takes only the capacity providers that it was given (API PutClusterCapacityProviders). */
async function offerSpot(): Promise<void> {
  const ecs = createEcsClient({ region: 'us-east-1', endpoint: stage.aws.url });
  const capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
  await ecs.send(
    new PutClusterCapacityProvidersCommand({
      cluster: 'default',
      capacityProviders,
      defaultCapacityProviderStrategy: [],
    }),
  );
  ecs.destroy();
}

describe('a run that runs out of memory', () => {
  it('gets twice the memory each time, with the CPU that Fargate wants for it, and no new definition', async () => {
    await stage.send({ flow: 'hungry', runId: 'h1' });
    const run = await workUntil(
      'h1',
      (seen) => seen.status === 'RUNNING' && seen.attempt === 3,
      (arn) => stage.aws.ecsFaults.outOfMemory(arn),
    );
    const sizes = requests().map(({ overrides }) => overrides);
    expect(sizes).toMatchObject([{}, { cpu: '512', memory: '4096' }, { cpu: '1024', memory: '8192' }]);
    expect(stage.callsOf('ecs.RegisterTaskDefinition')).toBe(1);
    expect(run.attempts).toMatchObject([
      { reason: { code: 'OUT_OF_MEMORY' }, retriedAs: 'CRASHED' },
      { reason: { code: 'OUT_OF_MEMORY' }, retriedAs: 'CRASHED', adjusted: 'memory × 2' },
    ]);
    expect(run.history.flatMap(({ note }) => note ?? [])).toEqual(['memory × 2', 'memory × 4']);
  });

  it('ends when the largest profile of its list was too small', async () => {
    await stage.send({ flow: 'listed', runId: 'l1' });
    const run = await workUntil('l1', isFinished, (arn) => stage.aws.ecsFaults.outOfMemory(arn));
    expect(run).toMatchObject({ status: 'CRASHED', attempt: 2, reason: { code: 'OUT_OF_MEMORY' } });
    expect(requests().at(-1)).toMatchObject({ overrides: { cpu: '2048', memory: '4096' } });
  });
});

describe('a run on Spot', () => {
  it('goes on demand after as many interruptions as its flow allows', async () => {
    await offerSpot();
    await stage.send({ flow: 'spot', runId: 's1' });
    const run = await workUntil(
      's1',
      (seen) => seen.status === 'RUNNING' && seen.attempt === 3,
      (arn) => stage.aws.ecsFaults.spotInterruption(arn),
    );
    const providers = requests().map(({ capacityProviderStrategy }) => capacityProviderStrategy);
    expect(providers).toMatchObject([
      [{ capacityProvider: 'FARGATE_SPOT' }],
      [{ capacityProvider: 'FARGATE_SPOT' }],
      [{ capacityProvider: 'FARGATE' }],
    ]);
    expect(run.attempts.map(({ reason }) => reason.code)).toEqual(['SPOT_INTERRUPTION', 'SPOT_INTERRUPTION']);
    expect(run.history.flatMap(({ note }) => note ?? [])).toEqual(['on-demand capacity']);
  });
});

describe('a run for which there is no capacity', () => {
  it('waits without using up an attempt, even where none is granted', async () => {
    stage.aws.ecsFaults.capacityFailure({ times: 1 });
    await stage.send({ flow: 'waits', runId: 'w1' });
    const run = await workUntil(
      'w1',
      (seen) => seen.status === 'QUEUED' && seen.placement > 0,
      () => {},
    );
    expect(run).toMatchObject({ attempt: 1, attempts: [], waiting: { code: 'NOT_PLACED' } });
    if (run.status !== 'QUEUED') throw new Error(run.status);
    expect(run.notBefore - run.requestedAt).toBeGreaterThan(5_000);
  });
});
