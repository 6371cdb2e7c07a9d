import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/create-agent.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { Stage } from './stage.ts';

/** A flow that tells how much it was given. */
const FILES = {
  'flows/measure.yaml': `
flow: measure
version: "1"
artifact: ./measure.mjs
runConfig: { image: slipway-worker }
`,
  'flows/measure.mjs': `
export default function measure({ parameters }) {
  return { length: parameters.text.length, last: parameters.text.at(-1) };
}
`,
};

let stage: Stage;
let agent: Agent;

beforeEach(async () => {
  stage = await Stage.open(FILES);
  stage.aws.faults.record();
  agent = await stage.agent();
});
afterEach(() => stage.close());

async function measured(request: object): Promise<FlowRun | undefined> {
  await stage.send({ flow: 'measure', runId: 'big', ...request });
  return (await stage.processUntilEnded(agent, 1))[0];
}

interface SentTask {
  readonly overrides: {
    readonly containerOverrides: readonly { readonly environment: readonly { name: string; value: string }[] }[];
  };
}

/** The variables that the run's container was given. */
function variables(): Readonly<Record<string, string>> {
  const sent = stage.aws.faults.recorded('ecs.RunTask').map(({ input }) => input as SentTask);
  const containers = sent.flatMap(({ overrides }) => overrides.containerOverrides);
  const environment = containers.flatMap((container) => container.environment);
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

describe('parameters', () => {
  it('of a megabyte reach the worker through S3', async () => {
    const text = `${'x'.repeat(999_999)}!`;
    expect(await measured({ parameters: { text } })).toMatchObject({
      status: 'SUCCEEDED',
      result: { output: { length: 1_000_000, last: '!' } },
    });
    expect(variables().SLIPWAY_PARAMETERS_S3_URI).toMatch(/^s3:\/\/slipway\/parameters\/big\//);
    expect(variables()).not.toHaveProperty('SLIPWAY_PARAMETERS');
  });

  it('that a record can hold and overrides cannot reach it in the same way', async () => {
    expect(await measured({ parameters: { text: 'ä'.repeat(9_000) } })).toMatchObject({
      status: 'SUCCEEDED',
      result: { output: { length: 9_000, last: 'ä' } },
    });
    expect(variables().SLIPWAY_PARAMETERS_S3_URI).toBe('s3://slipway/parameters/big/1.json');
  });

  it('that fit go along', async () => {
    expect(await measured({ parameters: { text: 'short' } })).toMatchObject({ status: 'SUCCEEDED' });
    expect(variables().SLIPWAY_PARAMETERS).toBe('{"text":"short"}');
  });

  it('that the sender has put into S3 are read from there', async () => {
    const s3 = createS3Client({ region: 'us-east-1', endpoint: stage.aws.url });
    const Body = JSON.stringify({ text: 'y'.repeat(3_000_000) });
    await s3.send(new PutObjectCommand({ Bucket: 'slipway', Key: 'inputs/big.json', Body }));
    s3.destroy();
    expect(await measured({ parametersS3Uri: 's3://slipway/inputs/big.json' })).toMatchObject({
      status: 'SUCCEEDED',
      result: { output: { length: 3_000_000, last: 'y' } },
    });
  });
});

describe('overrides', () => {
  const render = async (note: number) => {
    const request = JSON.stringify({
      runId: 'r',
      runConfig: { env: { QUERY: 'q'.repeat(5_000), NOTE: 'n'.repeat(note) } },
    });
    const stdin = (async function* () {
      yield request;
    })();
    return runInProcess(['render', 'plain', '--config', stage.configRef, '--request', '-'], { stdin });
  };
  const lengthOf = ({ stdout }: { stdout: string }) => JSON.stringify(JSON.parse(stdout).runTask.overrides).length;

  it('of 8191 and 8192 characters are rendered and launched; 8193 are refused, with what takes the most room', async () => {
    const room = 8_192 - lengthOf(await render(1_000)) + 1_000;
    expect(lengthOf(await render(room - 1))).toBe(8_191);
    expect(lengthOf(await render(room))).toBe(8_192);
    const refused = await render(room + 1);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("RunTask's overrides would have 8193 characters, most of them in flow.env.QUERY");
    expect(refused.stderr).toContain('flow.env.NOTE');
    const env = { QUERY: 'q'.repeat(5_000), NOTE: 'n'.repeat(room) };
    await stage.send({ flow: 'plain', runId: 'r', runConfig: { env } });
    expect(await stage.processUntilEnded(agent, 1)).toMatchObject([{ status: 'SUCCEEDED' }]);
  });
});
