import { describe, expect, it } from 'vitest';
import type { FinishedRun } from '../../src/core/run.ts';
import { agentNotify, flowNotify, nameOfSink } from '../../src/templates/notify-shape.ts';
import { mayTell, sinksOfRun, unknownSinkFaults } from '../../src/templates/sinks-of-run.ts';
import { queuedRun, runFacts, runRequest } from '../fakes/runs.ts';

const SINKS = [
  { name: 'all', to: 'command', command: ['true'] },
  { name: 'nightly', to: 'command', command: ['true'], flows: ['nightly_*_load'] },
  { name: 'good-news', to: 'command', command: ['true'], when: ['SUCCEEDED'], flows: ['etl'] },
  { name: 'on-call', to: 'command', command: ['true'], when: [] },
];

describe('who is told of a run', () => {
  it.each([
    ['etl', 'FAILED', ['all']],
    ['etl', 'SUCCEEDED', ['good-news']],
    ['etl', 'CANCELLED', []],
    ['nightly_x_load', 'CRASHED', ['all', 'nightly']],
    ['nightly_load', 'CRASHED', ['all']],
    ['paged', 'EXPIRED', ['all', 'on-call']],
    ['paged', 'FAILED', ['all']],
  ] as const)('%s that is %s: %j', (flow, status, names) => {
    expect(told(finished(flow, status))).toEqual(names);
  });

  it('sinks that wait for a recovery, where a run succeeds after one that did not', () => {
    const [sink] = agentNotify.parse([{ name: 'calm', to: 'command', command: ['true'], when: ['recovered'] }]);
    const rules = { agent: { notify: sink === undefined ? [] : [sink] }, flows: new Map() };
    const run = finished('etl', 'SUCCEEDED');
    expect(sinksOfRun(rules, run)).toEqual([]);
    expect(sinksOfRun(rules, run, true)).toEqual([sink]);
    expect([mayTell(rules, run), mayTell(rules, finished('etl', 'FAILED'))]).toEqual([true, false]);
  });

  it('only those that want to hear of the reason', () => {
    const codes = { to: 'command', command: ['true'], codes: ['OUT_OF_MEMORY'] };
    const rules = { agent: { notify: agentNotify.parse([codes]) }, flows: new Map() };
    const run = finished('etl', 'CRASHED');
    expect(sinksOfRun(rules, run)).toEqual([]);
    expect(sinksOfRun(rules, { ...run, reason: { code: 'OUT_OF_MEMORY', message: '' } })).toHaveLength(1);
    expect(agentNotify.safeParse([{ ...codes, codes: ['OUT_OF_LUCK'] }]).success).toBe(false);
  });

  it('nobody, before it has ended', () => {
    expect(told(queuedRun())).toEqual([]);
  });

  it('is not nobody by mistake: a flow that names an unknown sink has a fault', () => {
    const flows = new Map([['etl', { notify: flowNotify.parse([{ to: 'pager' }]), file: 'flows/etl.yaml' }]]);
    expect(unknownSinkFaults({ agent: { notify: agentNotify.parse(SINKS) }, flows })).toMatchObject([
      { place: { file: 'flows/etl.yaml' }, message: expect.stringContaining('"pager", which is no sink') },
    ]);
  });

  it('lets a flow name no address and no command', () => {
    for (const rule of [
      { to: 'on-call', webhook: 'https://x.test' },
      { to: 'on-call', command: ['x'] },
    ])
      expect(flowNotify.safeParse([rule]).success).toBe(false);
  });
});

function told(run: Parameters<typeof sinksOfRun>[1]): readonly string[] {
  const paged = { notify: flowNotify.parse([{ when: ['EXPIRED'], to: 'on-call' }]) };
  const workspace = { agent: { notify: agentNotify.parse(SINKS) }, flows: new Map([['paged', paged]]) };
  return sinksOfRun(workspace, run).map(nameOfSink);
}

function finished(flow: string, status: FinishedRun['status']): FinishedRun {
  const reason = { code: 'EXIT_CODE', message: 'it ended' } as const;
  return { ...runFacts({ request: runRequest({ flow }) }), status, finishedAt: 1, reason };
}
