import { describe, expect, it } from 'vitest';
import { runText } from '../../src/cli/print-run.ts';
import { runsText } from '../../src/cli/print-runs.ts';
import type { Style } from '../../src/cli/terminal.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { launchingRun, queuedRun, runFacts, runRequest } from '../fakes/runs.ts';

const { requestedAt } = runFacts();
const MINUTE_MS = 60_000;

/** Both views of a run, so long after it was asked for. */
function shown(run: FlowRun, afterMs: number): { readonly page: string; readonly row: string } {
  const now = requestedAt + afterMs;
  const plain: Style = (_format, text) => text;
  return { page: runText(run, plain, now), row: runsText([run], plain, now) };
}

describe('a queued run, as it is shown,', () => {
  const forGpu = queuedRun({ request: runRequest({ labels: ['gpu', 'big'] }) });

  it('says which agent it waits for', () => {
    const { page, row } = shown(forGpu, MINUTE_MS);
    expect(page).toMatch(/waits +for an agent with room and the labels gpu, big/);
    expect(row).toContain('waits for an agent with room and the labels gpu, big');
    expect(shown(queuedRun(), MINUTE_MS).page).toMatch(/waits +for an agent with room$/m);
  });

  it('says nothing of waiting while agents may not even have seen it', () => {
    const { page, row } = shown(forGpu, 1_000);
    expect([page, row].join()).not.toContain('waits');
  });

  it('counts from when it was queued again, not from when it was asked for', () => {
    const history = [{ status: 'QUEUED', attempt: 2, at: requestedAt + MINUTE_MS, by: 'agent' }] as const;
    const again = queuedRun({ attempt: 2, history });
    expect(shown(again, MINUTE_MS + 1_000).page).not.toContain('waits');
    expect(shown(again, 2 * MINUTE_MS).page).toContain('for an agent with room');
  });

  it('says at once what the last launch met, in the words of ECS', () => {
    const waiting = { code: 'NOT_PLACED', message: 'no room', evidence: 'Capacity is unavailable' } as const;
    const { page, row } = shown(queuedRun({ waiting }), 0);
    expect(page).toMatch(/waits +NOT_PLACED no room \(Capacity is unavailable\)/);
    expect(row).toMatch(/NOT_PLACED$/m);
  });

  it('says the same of one whose launch still stands open', () => {
    const reason = { code: 'NOT_PLACED', message: 'no room', evidence: 'RESOURCE:ENI' } as const;
    const launching = launchingRun();
    expect(shown({ ...launching, unplaced: { reason, until: requestedAt } }, 0).page).toMatch(
      /waits +NOT_PLACED no room \(RESOURCE:ENI\)/,
    );
    expect(shown(launching, 0).page).not.toContain('waits');
  });

  it('says at once that it is not its time yet', () => {
    const later = queuedRun({ notBefore: requestedAt + MINUTE_MS });
    expect(shown(later, 0).page).toMatch(/waits +not to start before/);
    expect(shown(later, 0).row).toContain('waits not to start before');
  });
});
