import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/create-agent.ts';
import type { Call } from '../../src/local/faults.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let agent: Agent;

beforeEach(async () => {
  stage = await Stage.open();
  agent = await stage.agent();
});
afterEach(() => stage.close());

describe('from a message to a finished run', () => {
  it('runs a plain container', async () => {
    await stage.send({ flow: 'plain', runId: 'p1' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ runId: 'p1', status: 'SUCCEEDED', exitCode: 0 });
    // RUNNING is seen only if somebody looks in the moment that it lasts.
    const statuses = run?.history.map(({ status }) => status).filter((status) => status !== 'RUNNING');
    expect(statuses).toEqual(['QUEUED', 'LAUNCHING', 'STARTING', 'SUCCEEDED']);
    expect(await stage.depth()).toBe(0);
  });

  it('runs a JavaScript flow in the worker and keeps what it returned', async () => {
    await stage.send({ flow: 'module', parameters: { name: 'Ada' } });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED', result: { status: 'SUCCEEDED', output: { greeted: 'Ada' } } });
  });

  it("fails a run in its flow's own words", async () => {
    await stage.send({ flow: 'module', parameters: { fail: true } });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'FAILED', reason: { code: 'FLOW_FAILED' }, exitCode: 1 });
    expect(run).toMatchObject({ reason: { message: expect.stringContaining('it was told to fail') } });
  });

  it('fails a run whose container fails', async () => {
    await stage.send({ flow: 'fails' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'FAILED', exitCode: 3, reason: { code: 'EXIT_CODE' } });
  });

  it('registers one task definition for fifty runs of a flow', async () => {
    for (let i = 0; i < 50; i += 1) await stage.send({ flow: 'plain', parameters: { i } });
    const runs = await stage.processUntilEnded(agent, 50);
    expect(runs).toHaveLength(50);
    expect(stage.callsOf('ecs.RegisterTaskDefinition')).toBe(1);
    expect(stage.callsOf('ecs.RunTask')).toBe(50);
  });

  it('makes one run and one task of a message that comes twice', async () => {
    await stage.send({ flow: 'plain', runId: 'twice' });
    await stage.send({ flow: 'plain', runId: 'twice' });
    const runs = await stage.processUntilEnded(agent, 1);
    await agent.processAll(new AbortController().signal);
    expect(runs.map(({ runId }) => runId)).toEqual(['twice']);
    expect(stage.callsOf('ecs.RunTask')).toBe(1);
    expect(await stage.depth()).toBe(0);
  });

  it('keeps a malformed body on record and in the dead-letter queue, and is not held up by it', async () => {
    await stage.send('{"flow": "plain", ');
    await stage.send({ flow: 'plain', runId: 'good' });
    const runs = await stage.processUntilEnded(agent, 2);
    expect(runs.find(({ runId }) => runId === 'good')).toMatchObject({ status: 'SUCCEEDED' });
    const bad = runs.find(({ runId }) => runId !== 'good');
    expect(bad).toMatchObject({
      status: 'FAILED',
      reason: { code: 'INVALID_REQUEST', evidence: '{"flow": "plain", ' },
    });
    expect(await stage.depth()).toBe(0);
    expect(await stage.depth(stage.deadLetterUrl)).toBe(1);
  });

  it('fails a request for a flow that nobody has, with the name that was probably meant', async () => {
    await stage.send({ flow: 'plian' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'FAILED', reason: { code: 'FLOW_NOT_FOUND' } });
    expect(run).toMatchObject({ reason: { message: expect.stringContaining('"plain"') } });
  });

  it('keeps a message whose record could not be written', async () => {
    const fault = { kind: 'error', name: 'InternalServerError', message: 'away', status: 500 } as const;
    const matching = ({ input }: Call): boolean => JSON.stringify(input).includes('RUN#kept');
    const heal = stage.aws.faults.add({ operation: 'dynamodb.PutItem', matching, fault });
    await stage.send({ flow: 'plain', runId: 'kept' });
    await agent.processAll(new AbortController().signal);
    heal();
    expect(await stage.depth()).toBe(1);
    expect(await stage.processUntilEnded(agent, 1)).toMatchObject([{ runId: 'kept', status: 'SUCCEEDED' }]);
  });

  it('checks parameters that a record cannot hold like any others', async () => {
    const parameters = { name: 7, padding: 'x'.repeat(200_000) };
    await stage.send({ flow: 'checked', runId: 'large-and-wrong', parameters });
    await stage.send({ flow: 'checked', runId: 'large', parameters: { ...parameters, name: 'Ada' } });
    const runs = await stage.processUntilEnded(agent, 2);
    expect(runs.find(({ runId }) => runId === 'large')).toMatchObject({ status: 'SUCCEEDED' });
    expect(runs.find(({ runId }) => runId === 'large-and-wrong')).toMatchObject({
      status: 'FAILED',
      reason: { code: 'INVALID_REQUEST', message: expect.stringContaining('name') },
    });
  });
});
