import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

describe('an agent that is killed', () => {
  it('and started again ends every run, with one task for each attempt', { timeout: 120_000 }, async () => {
    const count = 12;
    for (let i = 0; i < count; i += 1) await stage.send({ flow: i % 2 === 0 ? 'sleeps' : 'module', runId: `run-${i}` });
    const first = stage.startAgent();
    await expect.poll(() => stage.callsOf('ecs.RunTask'), { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    await stage.kill(first);
    stage.startAgent();
    const runs = await stage.untilEnded(count);
    expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'SUCCEEDED'));
    expect(runs.every(({ attempt }) => attempt === 1)).toBe(true);
    const tasks = runs.flatMap(({ attempts }) => attempts.map(({ taskArn }) => taskArn));
    expect(new Set(tasks).size).toBe(count);
    expect(await stage.depth()).toBe(0);
  });

  it('drains on SIGTERM and ends with 0', async () => {
    await stage.send({ flow: 'plain', runId: 'before' });
    const agent = stage.startAgent();
    await expect.poll(() => stage.callsOf('ecs.RunTask'), { timeout: 30_000 }).toBe(1);
    expect(await stage.kill(agent, 'SIGTERM')).toBe(0);
  });

  it('drains under load: nothing is left half launched, and no message stays hidden', async () => {
    const count = 60;
    for (let i = 0; i < count; i += 1) await stage.send({ flow: 'sleeps', runId: `run-${i}` });
    const agent = stage.startAgent();
    await expect.poll(() => stage.callsOf('ecs.RunTask'), { timeout: 30_000 }).toBeGreaterThanOrEqual(5);
    expect(await stage.kill(agent, 'SIGTERM')).toBe(0);
    const statuses = (await stage.runs()).map(({ status }) => status);
    expect(statuses).not.toContain('LAUNCHING');
    expect((await stage.runs()).length + (await stage.visible())).toBe(count);
  });
});
