import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetailStore, RunReport, StepRecord } from '../../src/core/run-details.ts';

export interface StartedDetails {
  readonly details: RunDetailStore;
  stop(): Promise<void>;
}

/** What every store of run details promises, whatever it is made of. */
export function runDetailsContract(name: string, start: () => Promise<StartedDetails>): void {
  describe(`${name} as a store of run details`, () => {
    let started: StartedDetails;
    let details: RunDetailStore;
    beforeAll(async () => {
      started = await start();
      details = started.details;
    });
    afterAll(() => started.stop());

    it('gives steps back attempt by attempt, in the order of the flow, as they were last put', async () => {
      await details.putSteps('steps', [step(2, 0), step(1, 10), step(1, 2)]);
      await details.putSteps('steps', [{ ...step(1, 2), status: 'FAILED', error: 'no room' }]);
      const steps = await details.steps('steps');
      expect(steps.map(({ attempt, order, status }) => [attempt, order, status])).toEqual([
        [1, 2, 'FAILED'],
        [1, 10, 'RUNNING'],
        [2, 0, 'RUNNING'],
      ]);
      expect(steps[0]).toEqual({ ...step(1, 2), status: 'FAILED', error: 'no room' });
    });

    it('keeps the steps of a flow with very many', async () => {
      const many = Array.from({ length: 130 }, (_, order) => step(1, order));
      await details.putSteps('many', many);
      expect(await details.steps('many')).toEqual(many);
    });

    it('gives reports back in their order, page by page', async () => {
      const reports = Array.from({ length: 60 }, (_, index) => report(1, index + 1));
      await details.putReports('reports', [report(2, 1), ...reports]);
      await details.putReports('reports', reports.slice(0, 5));
      const first = await details.reports('reports', 40);
      const second = await details.reports('reports', 40, first.cursor);
      expect(first.reports).toEqual(reports.slice(0, 40));
      expect(second.reports).toEqual([...reports.slice(40), report(2, 1)]);
      expect(second.cursor).toBeUndefined();
    });

    it('has the last heartbeat, and nothing of runs that nobody knows', async () => {
      const heartbeat = { attempt: 1, taskArn: 'arn', count: 1, at: 1_000 };
      await details.putHeartbeat('beat', heartbeat);
      await details.putHeartbeat('beat', { ...heartbeat, count: 2 });
      expect(await details.heartbeat('beat')).toEqual({ ...heartbeat, count: 2 });
      expect(await details.heartbeat('nobody')).toBeUndefined();
      await details.putHeartbeat('other', heartbeat);
      const many = await details.heartbeats(['beat', 'nobody', 'other']);
      expect([...many].map(([runId, { count }]) => [runId, count]).sort()).toEqual([
        ['beat', 2],
        ['other', 1],
      ]);
      expect(await details.steps('nobody')).toEqual([]);
      expect(await details.reports('nobody', 10)).toEqual({ reports: [] });
    });
  });
}

function step(attempt: number, order: number): StepRecord {
  return { attempt, order, step: `step-${order}`, status: 'RUNNING', tries: 1, startedAt: 1_000 };
}

function report(attempt: number, number: number): RunReport {
  return { attempt, number, at: 1_000, method: 'log', params: { message: `ключ ${number}`, level: 'INFO' } };
}
