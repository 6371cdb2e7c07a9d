import { describe, expect, it } from 'vitest';
import { type AddresseesDeps, addresseesOf } from '../../../src/agent/notify/addressees.ts';
import type { FinishedRun } from '../../../src/core/run.ts';
import { agentNotify, flowNotify, nameOfSink } from '../../../src/templates/notify-shape.ts';
import type { Workspace } from '../../../src/templates/workspace.ts';
import { MemoryRunStore } from '../../fakes/memory-run-store.ts';
import { runFacts, runRequest } from '../../fakes/runs.ts';
import { intent } from '../../worker/fixtures.ts';

const notify = agentNotify.parse([
  { name: 'calm', to: 'command', command: ['true'], when: ['recovered'] },
  { name: 'on-call', to: 'command', command: ['true'], when: [] },
]);

/** Of a workspace, only what rules are read from. */
function workspaceWith(flows: Readonly<Record<string, unknown>>): Workspace {
  return { agent: { notify }, flows: new Map(Object.entries(flows)) } as unknown as Workspace;
}

function ended(runId: string, status: FinishedRun['status'], requestedAt: number, launched = true): FinishedRun {
  const reason = { code: 'EXIT_CODE', message: 'it ended' } as const;
  const facts = runFacts({ runId, request: runRequest({ flow: 'etl' }), requestedAt });
  return { ...facts, status, finishedAt: requestedAt + 1, reason, ...(launched ? { intent } : {}) };
}

function deps(published: Workspace | undefined, runs: readonly FinishedRun[] = []): AddresseesDeps {
  const store = new MemoryRunStore();
  for (const run of runs) store.seed(run);
  return {
    workspace: () => workspaceWith({}),
    flows: {
      find: async () =>
        published === undefined
          ? { ok: false, error: [{ message: 'no such flow' }] }
          : { ok: true, value: { flow: {} as never, workspace: published } },
    },
    store,
  };
}

describe('whom the end of a run is told to', () => {
  it('is what a published flow’s own rules say, though no file of the agent has it', async () => {
    const rules = { notify: flowNotify.parse([{ to: 'on-call' }, { to: 'pager' }]) };
    const { sinks, unknown } = await addresseesOf(deps(workspaceWith({ etl: rules })), ended('a', 'FAILED', 1));
    expect({ sinks: sinks.map(nameOfSink), unknown }).toEqual({ sinks: ['on-call'], unknown: ['pager'] });
  });

  it('is agent.yaml’s to say where the flow is gone, and where a run was never launched', async () => {
    expect((await addresseesOf(deps(undefined), ended('a', 'FAILED', 1))).sinks).toEqual([]);
    const rules = { notify: flowNotify.parse([{ to: 'on-call' }]) };
    const rejected = ended('a', 'FAILED', 1, false);
    expect((await addresseesOf(deps(workspaceWith({ etl: rules })), rejected)).sinks).toEqual([]);
  });

  it.each([
    ['after a failure', ['FAILED'], ['calm']],
    ['after a crash, with a cancelled one between', ['CRASHED', 'CANCELLED'], ['calm']],
    ['after another good one', ['FAILED', 'SUCCEEDED'], []],
    ['as the first of its flow', [], []],
  ] as const)('are those who wait for a recovery, when it succeeds %s', async (_when, earlier, names) => {
    const runs = earlier.map((status, index) => ended(`run-${index}`, status, 100 + index));
    const run = ended('now', 'SUCCEEDED', 200);
    const { sinks, hasRecovered } = await addresseesOf(deps(undefined, [...runs, run]), run);
    expect(sinks.map(nameOfSink)).toEqual(names);
    expect(hasRecovered).toBe(names.length > 0);
  });
});
