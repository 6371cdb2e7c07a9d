import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartUnderLoad } from './restart-under-load.ts';
import { SupervisedStage } from './supervised-stage.ts';
import { hasSupervisord, type Supervisor } from './supervisor.ts';

/** One story on one stage: an agent's start is what takes time. */
describe.skipIf(!hasSupervisord)('an agent under supervisord', { timeout: 120_000 }, () => {
  let staged: SupervisedStage;
  let supervisor: Supervisor;

  beforeAll(async () => {
    staged = await SupervisedStage.open(1);
    supervisor = staged.supervisor;
    await supervisor.untilState('RUNNING');
  });
  afterAll(() => staged.close());

  it('stays up while AWS is away, with /readyz saying why, and works again after', async () => {
    await staged.send();
    await staged.untilEnded(1);
    expect(await staged.failing()).toEqual([]);
    const before = await supervisor.pid();
    await staged.gate.shut();
    await staged.send();
    await supervisor.until('the outage is told', async () => supervisor.agentLog.includes('loop.failing'));
    const areNamed = async () => (await staged.failing()).join(' ').includes('store queue http');
    await supervisor.until('/readyz names store and queue', areNamed);
    await staged.gate.open();
    await staged.untilEnded(2);
    await supervisor.until('it is ready again', async () => (await staged.failing()).length === 0);
    expect(await supervisor.pid()).toBe(before);
    expect(supervisor.agentLog).toContain('loop.recovered');
  });

  it('comes back after kill -9', async () => {
    const before = await supervisor.pid();
    process.kill(before, 'SIGKILL');
    await supervisor.until('another process', async () => ![0, before].includes(await supervisor.pid()));
    await staged.send();
    await staged.untilEnded(3);
  });

  it('loses no run and runs none twice over restarts under load', async () => {
    const report = await restartUnderLoad(staged, 2);
    expect(report).toMatchObject({ succeeded: report.sent, lost: 0, doubled: 0, leftOver: 0 });
    expect(report.sent).toBeGreaterThan(5);
  });

  it('drains when it is stopped, and leaves what comes in later where it is', async () => {
    expect(await supervisor.stop()).toContain('slipway-agent: stopped');
    expect(supervisor.ownLog).toMatch(/stopped: slipway-agent \(exit status 0\)/);
    expect(supervisor.agentLog.trim().split('\n').at(-1)).toContain('agent.stopped');
    await staged.send();
    expect(await staged.stage.visible()).toBe(1);
  });

  it('ends as FATAL when its configuration is bad, with the reason in its log, and stays down', async () => {
    writeFileSync(staged.stage.configRef, 'table: slipway\nclutser: default\n');
    await supervisor.useOwnSeconds();
    await supervisor.untilState('FATAL');
    expect(supervisor.agentLog).toMatch(/agent\.yaml:2:1 .*"clutser"/);
    expect(supervisor.ownLog).toContain('exit status 78');
    expect(await supervisor.pid()).toBe(0);
  });
});
