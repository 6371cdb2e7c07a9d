import { describe, expect, it } from 'vitest';
import { runRecord } from '../../src/cli/run-record.ts';
import type { FinishedRun } from '../../src/core/run.ts';
import { queuedRun, runFacts, runRequest } from '../fakes/runs.ts';

const FIELDS = [
  'runId flow flowVersion org environment status statusSimple attempt parameters labels priority correlationId trigger',
  'requestedAt launchedAt startedAt finishedAt cluster taskArn taskDefinitionArn exitCode output reason cost attempts history',
]
  .join(' ')
  .split(' ');

describe('the record of a run for programs', () => {
  it('has exactly the fields that are promised, whatever the status', () => {
    expect(Object.keys(runRecord(queuedRun()))).toEqual(FIELDS);
    expect(Object.keys(runRecord(crashed()))).toEqual(FIELDS);
  });

  it('says null where there is nothing yet', () => {
    expect(runRecord(queuedRun())).toMatchObject({
      status: 'QUEUED',
      statusSimple: 'QUEUED',
      launchedAt: null,
      finishedAt: null,
      taskArn: null,
      exitCode: null,
      reason: null,
      environment: null,
    });
  });

  it('tells of the last attempt, with times in ISO 8601', () => {
    expect(runRecord(crashed())).toMatchObject({
      status: 'CRASHED',
      statusSimple: 'FAILED',
      requestedAt: '2023-11-14T22:13:20.000Z',
      launchedAt: '2023-11-14T22:13:21.000Z',
      finishedAt: '2023-11-14T22:13:30.000Z',
      taskArn: 'arn:task/1',
      exitCode: 137,
      reason: { code: 'OUT_OF_MEMORY', message: 'too little memory', evidence: 'OutOfMemoryError' },
      attempts: [
        { attempt: 1, status: 'CRASHED', finishedAt: '2023-11-14T22:13:30.000Z', taskArn: null, retriedAs: null },
      ],
      history: [{ status: 'QUEUED', attempt: 1, at: '2023-11-14T22:13:20.000Z', by: 'agent' }],
    });
  });

  it('tells what a queued run waits for', () => {
    const waiting = { code: 'NOT_PLACED', message: 'no capacity' } as const;
    expect(runRecord(queuedRun({ waiting })).reason).toEqual(waiting);
  });
});

function crashed(): FinishedRun {
  const at = 1_700_000_000_000;
  const reason = { code: 'OUT_OF_MEMORY', message: 'too little memory', evidence: 'OutOfMemoryError' } as const;
  return {
    ...runFacts({
      request: runRequest({ environment: 'prod' }),
      attempts: [{ attempt: 1, status: 'CRASHED', finishedAt: at + 10_000, reason }],
      history: [{ status: 'QUEUED', attempt: 1, at, by: 'agent' }],
    }),
    status: 'CRASHED',
    finishedAt: at + 10_000,
    reason,
    task: { taskArn: 'arn:task/1', launchedAt: at + 1_000 },
    exitCode: 137,
  };
}
