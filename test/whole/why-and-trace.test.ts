import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/create-agent.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { Stage } from './stage.ts';

const LIMITED = `
flow: limited
version: "1"
runConfig: { image: busybox, command: [sh, -c, "echo it begins; sleep 30"] }
concurrency: { limit: 1, key: "{{ parameters.customer }}" }
`;

let stage: Stage;
let agent: Agent;
const stop = createStop().signal;

beforeEach(async () => {
  stage = await Stage.open({ 'flows/limited.yaml': LIMITED });
  agent = await stage.agent();
});
afterEach(() => stage.close());

async function slipway(...words: readonly string[]) {
  const flags = ['--endpoint-url', stage.aws.url, '--table', 'slipway'];
  return runInProcess([...words, ...flags]);
}

async function said(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await slipway(...words);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout;
}

describe('slipway why and slipway trace', () => {
  it('tell what a run waits for, who holds it, and what happened when it has ended', { timeout: 60_000 }, async () => {
    await stage.send({ flow: 'limited', runId: 'holder', parameters: { customer: 'acme' } });
    await agent.processAll(stop);
    await stage.send({ flow: 'limited', runId: 'waiter', parameters: { customer: 'acme' } });
    await stage.send({ flow: 'limited', runId: 'other', parameters: { customer: 'else' } });
    await expect
      .poll(
        async () => {
          await agent.processAll(stop);
          return (await stage.runs()).map(({ runId, status }) => `${runId} ${status}`).sort();
        },
        { timeout: 30_000 },
      )
      .toEqual(['holder RUNNING', 'other RUNNING', 'waiter QUEUED']);
    const why = await said('why', 'waiter');
    expect(why).toContain('✔  a live agent');
    expect(why).toMatch(/✘ {2}limit flow\/limited\/acme +1 of 1 in use: holder/);
    expect(why).toContain('slipway why holder');
    expect(JSON.parse(await said('why', 'waiter', '-o', 'json'))).toMatchObject({
      runId: 'waiter',
      status: 'QUEUED',
      reason: { code: 'LIMIT_REACHED', evidence: '1 of 1 in use: holder' },
    });
    expect(await said('why', 'holder')).toContain('Its code runs.');
    expect(await said('runs', 'ls')).toMatch(/waiter .*LIMIT_REACHED/);

    expect((await slipway('runs', 'cancel', 'holder')).exitCode).toBe(0);
    await expect
      .poll(
        async () => {
          await agent.processAll(stop);
          return (await stage.store.get('waiter'))?.status;
        },
        { timeout: 30_000 },
      )
      .toBe('RUNNING');
    expect(await said('why', 'holder')).toContain('CANCELLED');
    const trace = await said('trace', 'holder');
    const places = ['QUEUED', 'LAUNCHING', 'task created', 'output', 'it begins', 'task stopped', 'CANCELLED  '];
    for (const [index, words] of places.entries()) {
      expect(trace).toContain(words);
      if (index > 0) expect(trace.lastIndexOf(words)).toBeGreaterThan(trace.indexOf(places[index - 1] ?? ''));
    }
    const lines = (await said('trace', 'waiter', '-o', 'json')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).source)).toContain('ecs');
    expect((await slipway('trace', 'holder', '--attempt', '4')).exitCode).toBe(2);
  });
});
