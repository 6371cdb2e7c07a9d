import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentMetrics } from '../../src/agent/agent-metrics.ts';
import { LOCAL_PACE } from '../../src/agent/agent-pace.ts';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { createAgent } from '../../src/agent/create-agent.ts';
import { readEnv } from '../../src/cli/env.ts';
import { formatFault } from '../../src/core/fault.ts';
import { isFinished } from '../../src/core/run.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { createLog, describeError } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { localEnv } from '../cli/local-server.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import { Stage } from './stage.ts';

/** A value that nothing else holds, with characters that each encoding writes otherwise. */
function canary(): string {
  return `canary"<${randomBytes(12).toString('hex')}>&/+ü`;
}

/** The value as it might stand in a text: as it is, and in five encodings. */
function disguises(value: string): readonly string[] {
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').slice(0, -4),
    Buffer.from(value).toString('hex'),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
}

let stage: Stage | undefined;
afterEach(() => stage?.close());

describe('a secret in every place where somebody might put one', () => {
  it('is in no log line, metric or error, and in no record but where it was sent', { timeout: 60_000 }, async () => {
    const secrets = { env: canary(), parameter: canary(), token: canary(), body: canary() };
    stage = await Stage.open({
      'flows/guarded.yaml': [
        'flow: guarded',
        'version: "1"',
        'runConfig:',
        '  image: busybox',
        '  command: [sh, -c, "exit 3"]',
        `  env: { API_KEY: ${JSON.stringify(secrets.env)} }`,
        '  secrets: { DB: "arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-AbCdEf" }',
      ].join('\n'),
    });
    const { aws, configRef, queueUrl } = stage;
    const lines: string[] = [];
    const metrics = new AgentMetrics({ clock: systemClock, isFlow: () => true });
    const agent = await agentWith(lines, metrics, configRef, queueUrl, aws.url, secrets.token);
    await stage.send({ flow: 'guarded', runId: 'ends', parameters: { password: secrets.parameter } });
    await stage.send({ flow: 'guarded', runId: 'refused', runConfig: { env: { 'BAD NAME': secrets.parameter } } });
    await stage.send(`{"flow": "guarded", "parameters": {"password": "${secrets.body}`);
    const stop = createStop().signal;
    const work = () => agent.processAll(stop).catch((error: unknown) => lines.push(describeError(error)));
    const isDone = async () => ((await stage?.runs()) ?? []).filter(isFinished).length >= 2;
    while (!(await isDone())) await work();

    const told = [...lines, (await metrics.text()).text, ...(await commandOutputs(stage, configRef))].join('\n');
    expect(told).toContain('run.failed');
    for (const [place, value] of Object.entries(secrets)) {
      const leaks = told.split('\n').filter((line) => disguises(value).some((text) => line.includes(text)));
      expect(leaks, place).toEqual([]);
    }
    const records = JSON.stringify(await stage.runs());
    for (const value of [secrets.env, secrets.token]) {
      const found = disguises(value).filter((text) => withoutOverrides(records).includes(text));
      expect(found).toEqual([]);
    }
  });
});

/** The environment of a task is where a variable has to be: in the definition and in the frozen request. */
function withoutOverrides(records: string): string {
  return records.replace(/"environment":\[[^\]]*\]/g, '');
}

async function agentWith(
  lines: string[],
  metrics: AgentMetrics,
  configRef: string,
  queueUrl: string,
  endpoint: string,
  token: string,
) {
  const settings = {
    queues: { value: [{ url: queueUrl }], origin: 'test' },
    'http.token': { value: token, origin: 'test' },
  };
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  return createAgent({
    workspace: workspace.value,
    aws: connectAws({ region: 'us-east-1', endpoint, onCall: (call) => metrics.onCall(call) }),
    table: 'slipway',
    process: TEST_PROCESS,
    clock: systemClock,
    log: createLog('trace', { write: (line) => lines.push(line) }),
    pace: { ...LOCAL_PACE, soonestMs: 1 },
    observer: { onMove: (run) => metrics.onMove(run) },
  });
}

/** What commands print of the runs' ends, the doctor and the queue. */
async function commandOutputs({ aws, queueUrl }: Stage, configRef: string): Promise<readonly string[]> {
  const env = readEnv(localEnv(aws));
  const where = ['--config', configRef, '--queue-url', queueUrl];
  const commands = [['runs', 'ls'], ['queue', 'status'], ['doctor'], ['config', 'show']];
  const results = await Promise.all(commands.map((words) => runInProcess([...words, ...where], { env })));
  return results.flatMap(({ stdout, stderr }) => [stdout, stderr]);
}
