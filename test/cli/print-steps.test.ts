import { describe, expect, it } from 'vitest';
import { reportsText, stepsText } from '../../src/cli/print-steps.ts';
import { currentSteps, stepView } from '../../src/cli/run-details-record.ts';
import type { Style } from '../../src/cli/terminal.ts';
import type { StepRecord } from '../../src/core/run-details.ts';
import { queuedRun } from '../fakes/runs.ts';

const plain: Style = (_format, text) => text;
const AT = 1_700_000_000_000;

function step(over: Partial<StepRecord>): StepRecord {
  return {
    attempt: 1,
    order: 0,
    step: 'load',
    status: 'SUCCEEDED',
    tries: 1,
    startedAt: AT,
    finishedAt: AT + 2_500,
    ...over,
  };
}

describe('steps, as they are shown,', () => {
  it('tell how they are, how long they took, and what came in between', () => {
    const text = stepsText(
      [
        step({ step: 'extract', status: 'KEPT' }),
        step({
          step: 'sum',
          items: { total: 20, done: 19, kept: 5, retries: 2, failedIndex: 7 },
          status: 'FAILED',
          error: 'E: x',
        }),
        step({ step: 'flaky', tries: 3 }),
        step({ step: 'far', status: 'RUNNING', progress: { done: 3, total: 10, text: 'rows' } }),
        { attempt: 1, order: 4, step: 'last', status: 'WAITING', tries: 0 },
      ],
      plain,
      AT + 9_000,
    );
    expect(text.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      '✔ KEPT | extract',
      '✘ FAILED | sum | 2.5s | 19/20 elements (5 kept, 2 tried again, element 7 failed), E: x',
      '✔ SUCCEEDED | flaky | 2.5s | 3 tries',
      '● RUNNING | far | 2.5s | 3/10 rows',
      '○ WAITING | last',
    ]);
  });

  it('do not run any more when their attempt is over', () => {
    const open = step({ status: 'RUNNING' });
    expect(currentSteps(queuedRun({ attempt: 2 }), [open])).toEqual([{ ...open, status: 'INTERRUPTED' }]);
  });

  it('are whole for programs, with null where there is nothing', () => {
    expect(stepView({ attempt: 1, order: 0, step: 'a', status: 'WAITING', tries: 0 })).toEqual({
      attempt: 1,
      step: 'a',
      status: 'WAITING',
      startedAt: null,
      finishedAt: null,
      ms: null,
      tries: 0,
      items: null,
      progress: null,
      error: null,
      cached: false,
    });
  });

  it('have reports that are cut where a line ends', () => {
    const report = {
      attempt: 1,
      number: 1,
      at: AT,
      method: 'log',
      params: { message: 'x'.repeat(50) },
      step: 's',
      index: 2,
    } as const;
    expect(reportsText([report], 20)).toMatch(/s\[2\] {2}log {2}\{"message":"xxxxxxxx…$/);
  });
});
