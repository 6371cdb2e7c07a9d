import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimStart, recordResult } from '../../src/core/claim-start.ts';
import type { StartingRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { runFacts } from '../fakes/runs.ts';

const TASKS = ['arn:a', 'arn:b', 'arn:c', ''];

function startingRun(attempt: number): StartingRun {
  return {
    ...runFacts({ attempt }),
    status: 'STARTING',
    intent: {
      request: { cluster: 'main', clientToken: 't', startedBy: `slipway/run-1/${attempt}`, taskDefinition: 'f:1' },
      container: 'flow',
      worker: true,
      policy: DEFAULT_POLICY,
      createdAt: 0,
    },
    task: { taskArn: 'arn:a', launchedAt: 0 },
  };
}

describe('X7: a claim or a result', () => {
  it('of another attempt claims nothing, whoever sends it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(...TASKS),
        (now, told, taskArn) => {
          const claimed = claimStart(startingRun(now), { attempt: told, taskArn, now: 1 });
          expect(claimed.ok).toBe(told === now);
        },
      ),
    );
  });

  it('is taken once, from the one task that has claimed the attempt, and changes nothing afterwards', () => {
    const word = fc.record({
      taskArn: fc.constantFrom(...TASKS),
      status: fc.constantFrom('SUCCEEDED', 'FAILED', 'CANCELLED'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...TASKS), fc.array(word, { maxLength: 8 }), (claimant, words) => {
        const claimed = claimStart(startingRun(1), { attempt: 1, taskArn: claimant, now: 1 });
        if (!claimed.ok) throw new Error(claimed.error);
        let run = claimed.value;
        for (const { taskArn, status } of words) {
          const next = recordResult(run, taskArn, { status, exitCode: 0, at: 2 });
          expect(next !== undefined).toBe(taskArn === claimant && run.result === undefined);
          run = next ?? run;
        }
        const first = words.find(({ taskArn }) => taskArn === claimant);
        expect(run.result?.status).toBe(first?.status);
      }),
    );
  });

  it('of a second task for the same attempt is refused: it runs no user code', () => {
    const first = claimStart(startingRun(1), { attempt: 1, taskArn: 'arn:a', now: 1 });
    if (!first.ok) throw new Error(first.error);
    expect(claimStart(first.value, { attempt: 1, taskArn: 'arn:b', now: 2 }).ok).toBe(false);
  });
});
