import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { Stage } from '../whole/stage.ts';
import { type RunningCli, runCliProcess, startCli } from './cli-process.ts';
import { localEnv } from './local-server.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

function startAgent(address: string, more: Record<string, string> = {}): RunningCli {
  const env = { ...localEnv(stage.aws), SLIPWAY_QUEUE_URL: stage.queueUrl, ...more };
  const args = ['agent', 'start', '--config', stage.configRef, '--agent-address', address];
  const agent = startCli(args, { cwd: '/tmp', env });
  // Also when an assertion fails before the test has ended it.
  onTestFinished(async () => {
    agent.child.kill('SIGKILL');
    await agent.ended();
  });
  return agent;
}

describe("the agent's HTTP server", () => {
  it('tells health, readiness and metrics, pokes, and says that it drains', { timeout: 60_000 }, async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const agent = startAgent(url);
    await agent.until('http.served');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
    const loops = async () => {
      const { checks } = JSON.parse(await (await fetch(`${url}/healthz`)).text());
      return checks.map(({ name }: { name: string }) => name);
    };
    const expected = [
      expect.stringMatching(/^loop receive/),
      'loop launch',
      'loop watch',
      'loop gauges',
      'loop shards',
    ];
    await expect.poll(loops, { timeout: 20_000 }).toEqual(expect.arrayContaining(expected));
    await stage.send({ flow: 'plain', runId: 'counted' });
    await stage.untilEnded(1);
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await expect.poll(metrics).toContain('slipway_runs_total{flow="plain",status="SUCCEEDED",code="SUCCEEDED"} 1');

    const cli = (...args: string[]) => runCliProcess(['agent', ...args, '--agent-address', url], { cwd: '/tmp' });
    expect(await cli('poke')).toMatchObject({ exitCode: 0 });
    const shown = await cli('health', '--ready');
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/OK +store/) });
    agent.child.kill('SIGTERM');
    expect((await agent.ended()).exitCode).toBe(0);
    expect(await cli('health')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no agent answers') });
  });

  it('works on when its port is taken, and serves once it is free', { timeout: 60_000 }, async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const agent = startAgent(`http://127.0.0.1:${port}`);
    await agent.until('http.not-served');
    holder.close();
    await agent.until('http.served');
    agent.child.kill('SIGTERM');
    expect((await agent.ended()).exitCode).toBe(0);
  });

  it('is not started for others without a token', async () => {
    const agent = startAgent('http://0.0.0.0:4200');
    const { exitCode, stderr } = await agent.ended();
    expect({ exitCode, stderr }).toEqual({ exitCode: 78, stderr: expect.stringContaining('SLIPWAY_HTTP_TOKEN') });
  });
});
