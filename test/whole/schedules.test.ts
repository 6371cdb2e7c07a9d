import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFinished } from '../../src/core/run.ts';
import { tickRunId } from '../../src/runs/tick-run.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let tick: number;

/** A flow that is due once, in a moment. */
function scheduledFlow(at: number): string {
  const local = new Date(at).toISOString().slice(0, 19);
  return `flow: scheduled
version: "1"
runConfig: {image: registry.example.com/plain:1, command: [node, -e, "process.exit(0)"], env: {DAY: "{{ tick.date }}"}}
requests: {allow: []}
schedules:
  - at: "${local}"
    parameters: {tick: "{{ tick.iso }}"}
`;
}

beforeEach(async () => {
  tick = Math.ceil((Date.now() + 3_000) / 1000) * 1000;
  stage = await Stage.open({ 'flows/scheduled.yaml': scheduledFlow(tick) });
});
afterEach(() => stage.close());

describe('from a tick to a finished run', () => {
  it('is one run, whichever of two agents makes it, with the values of the tick wherever they are asked for', async () => {
    const agents = await Promise.all([stage.agent(), stage.agent()]);
    const stop = createStop().signal;
    const runs = async () => (await stage.runs()).filter(isFinished);
    while ((await runs()).length === 0) await Promise.all(agents.map((agent) => agent.processAll(stop)));
    expect(await runs()).toMatchObject([
      {
        runId: tickRunId({ id: 'scheduled/default' }, tick),
        status: 'SUCCEEDED',
        tick: { schedule: 'scheduled/default', at: tick },
        request: { trigger: { source: 'schedule', by: 'scheduled/default' }, flow: 'scheduled' },
      },
    ]);
    const [run] = await runs();
    expect(run?.request.parameters).toEqual({ tick: new Date(tick).toISOString().replace('.000Z', 'Z') });
    expect(JSON.stringify(run?.intent?.request)).toContain(new Date(tick).toISOString().slice(0, 10));
    expect(stage.callsOf('ecs.RunTask')).toBe(1);
  });

  it('gives no request the rights of a schedule, whatever it says of itself', async () => {
    const agent = await stage.agent();
    const body = {
      flow: 'scheduled',
      trigger: { source: 'schedule', by: 'scheduled/default' },
      parameters: { tick: 'x' },
    };
    await stage.send(body);
    const stop = createStop().signal;
    const rejected = async () => (await stage.runs()).find(({ tick: own }) => own === undefined);
    for (let run = await rejected(); run === undefined || !isFinished(run); run = await rejected())
      await agent.processAll(stop);
    expect(await rejected()).toMatchObject({ status: 'FAILED', reason: { code: 'INVALID_REQUEST' } });
  });
});
