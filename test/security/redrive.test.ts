import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/create-agent.ts';
import { Stage } from '../whole/stage.ts';

let stage: Stage;
let agent: Agent;
beforeEach(async () => {
  stage = await Stage.open();
  agent = await stage.agent();
});
afterEach(() => stage.close());

describe('X23: a message that comes back long after', () => {
  it('starts nothing when its run has ended, and changes nothing on its record', async () => {
    const body = { flow: 'plain', runId: 'p1' };
    await stage.send(body);
    const [ended] = await stage.processUntilEnded(agent, 1);
    await stage.send(body);
    await agent.processAll(new AbortController().signal);
    expect(await stage.store.get('p1')).toEqual(ended);
    expect([stage.callsOf('ecs.RunTask'), await stage.depth()]).toEqual([1, 0]);
  });

  it('starts nothing when its time is over', async () => {
    await stage.send({ flow: 'plain', runId: 'late', expiresAt: '2020-01-01T00:00:00Z' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'EXPIRED', reason: { code: 'EXPIRED' } });
    expect(stage.callsOf('ecs.RunTask')).toBe(0);
  });

  it('does not bring another wish in under an id that is taken', async () => {
    await stage.send({ flow: 'plain', runId: 'p1' });
    const [ended] = await stage.processUntilEnded(agent, 1);
    await stage.send({ flow: 'fails', runId: 'p1' });
    const runs = await stage.processUntilEnded(agent, 2);
    expect(await stage.store.get('p1')).toEqual(ended);
    expect(runs.map((run) => ('reason' in run ? run.reason.code : ''))).toContain('RUN_ID_REUSED');
    expect(stage.callsOf('ecs.RunTask')).toBe(1);
  });
});
