import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import type { RunningRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { observeRuns } from '../../src/runs/observe-runs.ts';
import { runFacts } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

interface OutageCase {
  readonly id: string;
  readonly kind: string;
  readonly input: {
    readonly run: { readonly container: string; readonly worker: boolean };
    readonly error?: { readonly name: string; readonly message: string; readonly httpStatusCode: number };
    readonly secondsSinceLaunch: number;
    readonly secondsSinceLastSeen: number;
  };
  readonly expect: { readonly status?: string | null };
}

const { cases }: { cases: OutageCase[] } = JSON.parse(
  readFileSync(new URL('../golden/failure-cases.json', import.meta.url), 'utf8'),
);
const outages = cases.filter(({ kind, input }) => kind === 'stop' && input.error !== undefined);

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

function runOf({ run, secondsSinceLaunch, secondsSinceLastSeen }: OutageCase['input'], now: number): RunningRun {
  const taskArn = 'arn:aws:ecs:us-east-1:000000000000:task/default/0123456789abcdef0123456789abcdef';
  const launchedAt = now - secondsSinceLaunch * 1_000;
  return {
    ...runFacts(),
    status: 'RUNNING',
    intent: {
      request: { cluster: 'default', clientToken: 't', startedBy: 'slipway/run-1/1', taskDefinition: 'f:1' },
      ...run,
      policy: DEFAULT_POLICY,
      createdAt: launchedAt,
    },
    task: { taskArn, launchedAt, lastSeenAt: now - secondsSinceLastSeen * 1_000 },
    startedAt: launchedAt,
  };
}

describe('while ECS cannot be asked', () => {
  it.each(outages)(
    'there is no verdict, however long ago the task was seen: $id',
    async ({ input, expect: wanted }) => {
      const { store, deps, clock } = memoryDeps();
      const run = runOf(input, clock.now());
      store.seed(run);
      const { name, message, httpStatusCode: status } = input.error ?? { name: '', message: '', httpStatusCode: 500 };
      aws.faults.add({ operation: 'ecs.DescribeTasks', fault: { kind: 'error', name, message, status } });
      const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url });
      const troubles: unknown[] = [];
      const changed = await observeRuns(
        { ...deps, host: new EcsTaskHost({ calls: ecs, launches: ecs }) },
        [run],
        (error) => troubles.push(error),
        stop,
      );
      expect(wanted.status).toBeNull();
      expect(changed).toEqual([]);
      expect(store.peek('run-1')).toEqual(run);
      expect(troubles).toMatchObject([{ name }]);
      ecs.destroy();
    },
  );

  it('is tried on every such case', () => {
    expect(outages.map(({ id }) => id)).toEqual(['stop/ecs-answers-503']);
  });
});
