import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../../src/local/faults.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { writeConfig } from './config.ts';
import { Stage } from './stage.ts';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/slipway-agent`;
const INSTANCE = `arn:aws:iam::${ACCOUNT}:user/instance`;
const QUEUE_URL = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/slipway`;
const FIVE_MINUTES_MS = 300_000;

/** What an administrator writes to have the agent take on a role. */
const PROFILES = `
[profile agent]
role_arn = ${ROLE}
source_profile = instance
role_session_name = agent-1
region = us-east-1
[profile instance]
aws_access_key_id = instance
aws_secret_access_key = any
`;

/** What the agent's role may do: what is printed for the configuration. */
async function printedPolicy(): Promise<unknown> {
  const config = writeConfig();
  const args = ['aws', 'iam', '--config', config, '--role', 'agent', '--account', ACCOUNT, '--region', 'us-east-1'];
  const { stdout } = await runInProcess([...args, '--queue-url', QUEUE_URL]);
  rmSync(dirname(config), { recursive: true, force: true });
  return JSON.parse(stdout);
}

/** Local AWS in which the instance may do nothing but take on the agent's role, for so long at a time. */
async function openStage(sessionMs: number): Promise<Stage> {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE };
  const opened = await Stage.open(
    {},
    {},
    {
      principals: [{ accessKeyId: 'instance', arn: INSTANCE, policies: [{ Statement: statement }] }],
      roles: { [ROLE]: [await printedPolicy()] },
      sessionMs,
    },
  );
  opened.aws.faults.record();
  return opened;
}

/** The agent as a program, which finds its credentials by a profile; ends with the test. */
function startAgent({ aws, configRef, queueUrl }: Stage): ChildProcess {
  const file = join(dirname(configRef), 'aws-config');
  writeFileSync(file, PROFILES);
  const { AWS_ACCESS_KEY_ID: _key, AWS_SECRET_ACCESS_KEY: _secret, ...others } = process.env;
  const own = { AWS_ENDPOINT_URL: aws.url, AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const args = ['agent', 'start', '--config', configRef, '--queue-url', queueUrl, '--agent-address', '127.0.0.1:0'];
  return spawn(process.execPath, [resolve('dist/cli/main.js'), ...args], {
    env: { ...others, ...own, AWS_PROFILE: 'agent' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function end(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill('SIGKILL');
  await once(agent, 'exit');
}

/** The calls that were made in the role's name, by the key that they were signed with. */
function keysOf(calls: readonly RecordedCall[]): ReadonlySet<string> {
  return new Set(calls.flatMap(({ caller }) => (caller.startsWith('ASIA') ? [caller] : [])));
}

/** A pause in which short credentials end, and the SDK comes to renew long ones. */
const BEYOND_MS = 2_500;

describe.concurrent('an agent that takes on a role', () => {
  it.for([
    ['that ends every two seconds', 2_000],
    ['whose credentials the SDK renews five minutes before their end', FIVE_MINUTES_MS + 2_000],
  ] as const)('%s works on beyond it', async ([_what, sessionMs], { onTestFinished }) => {
    const stage = await openStage(sessionMs);
    onTestFinished(() => stage.close());
    const agent = startAgent(stage);
    onTestFinished(() => end(agent));
    const { faults } = stage.aws;
    await stage.send({ flow: 'plain', runId: 'first' });
    await stage.untilEnded(1);
    const before = keysOf(faults.recorded());
    await new Promise((wake) => setTimeout(wake, BEYOND_MS));
    faults.forget();
    await stage.send({ flow: 'plain', runId: 'second' });
    const runs = await stage.untilEnded(2);
    expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(before.size).toBeGreaterThan(0);
    expect([...keysOf(faults.recorded())].filter((key) => !before.has(key)).length).toBeGreaterThan(0);
    expect(stage.aws.judged().filter(({ decision }) => decision !== 'allowed')).toEqual([]);
    agent.kill('SIGTERM');
    expect(await once(agent, 'exit')).toEqual([0, null]);
  });
});
