import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createLogsClient } from '../../src/aws/create-logs-client.ts';
import { setUpCluster } from '../../src/aws/set-up-cluster.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { stackPolicies } from '../deploy/stack-policies.ts';
import { freePort } from '../free-port.ts';
import { type Installed, installPacked } from '../package/packed.ts';
import { hasSupervisord } from '../supervisord/supervisor.ts';
import { shellBlocks } from './shell-blocks.ts';

const BLOCKS = shellBlocks(readFileSync('docs/deploy-ec2-supervisord.md', 'utf8'));

/** The keys of whoever runs a part of the guide. */
const KEYS: Readonly<Record<string, string>> = {
  'operator-first': 'operator',
  operator: 'operator',
  instance: 'agent',
};

/** All parts, in the order in which they are carried out, each with the keys of who runs it. */
const GUIDE = [
  ...BLOCKS.filter(({ mark }) => mark === 'operator-first'),
  ...BLOCKS.filter(({ mark }) => mark !== 'operator-first'),
]
  .map(({ mark, text }) => `export AWS_ACCESS_KEY_ID=${KEYS[mark]}\n${text}`)
  .join('\n');

const ACCOUNT = '000000000000';
const AGENT = `arn:aws:sts::${ACCOUNT}:assumed-role/slipway-agent/i-0`;

/** The roles of the stack, with the permissions that it gives them; the operator may do everything. */
const ACCESS = {
  principals: [{ accessKeyId: 'agent', arn: AGENT, policies: stackPolicies('AgentRole') }],
  roles: {
    [`arn:aws:iam::${ACCOUNT}:role/slipway-task`]: stackPolicies('TaskRole'),
    [`arn:aws:iam::${ACCOUNT}:role/slipway-execution`]: stackPolicies('ExecutionRole'),
  },
};

const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

/**
 * Stops at the first command that fails, and leaves no supervisord behind. Version 1 of the AWS CLI has endpoints of its own
 * for SQS, which come before AWS_ENDPOINT_URL.
 */
const PRELUDE = `
set -euo pipefail
trap 'supervisorctl -c supervisord.conf shutdown >/dev/null 2>&1 || true' EXIT
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
`;

let aws: LocalAws;
let installed: Installed;

beforeAll(async () => {
  aws = await startLocalAws({ access: ACCESS });
  installed = installPacked();
  // What the stack of the guide's first part has made, and "slipway setup" does not.
  const options = { endpoint: aws.url, region: 'us-east-1' };
  await setUpCluster(createEcsClient(options), 'default');
  await createLogsClient(options).send(new CreateLogGroupCommand({ logGroupName: '/slipway/runs' }));
});
afterAll(async () => {
  await endScript();
  await aws.stop();
  installed.remove();
});

let running: ChildProcess | undefined;

/** A script that was cut off by the test's time limit has left supervisord behind, which takes its pid file with it. */
async function endScript(): Promise<void> {
  running?.kill('SIGKILL');
  spawnSync('supervisorctl', ['-c', 'supervisord.conf', 'shutdown'], { cwd: installed.folder });
  while (existsSync(join(installed.folder, 'supervisord.pid'))) await new Promise((wake) => setTimeout(wake, 100));
}

/** Runs the script in the folder with the packed package; resolves to everything it has printed. */
async function runScript(script: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('bash', ['-c', PRELUDE + script], {
    cwd: installed.folder,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: aws.url,
      ACCOUNT,
      SUBNET: 'subnet-0123456789abcdef0',
      SLIPWAY_AGENT_ADDRESS: `http://127.0.0.1:${await freePort()}`,
      npm_config_offline: 'true',
    },
  });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

describe.skipIf(!hasSupervisord || !hasAwsCli)('the guide for EC2 and supervisord', () => {
  it('leads from an empty folder with the packed package to a run and its logs', { timeout: 180_000 }, async () => {
    expect(new Set(BLOCKS.map(({ mark }) => mark))).toEqual(new Set(Object.keys(KEYS)));
    const { code, output } = await runScript(GUIDE);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('hello, Ada') });
    expect(output).toMatch(/slipway-agent +(?:STARTING|RUNNING)/);
    expect(output).toMatch(/SUCCEEDED/);
    expect(output).toContain('slipway-agent: stopped');
    const denied = aws.judged().filter(({ decision }) => decision !== 'allowed');
    expect(denied).toEqual([]);
    const askedBy = new Set(aws.judged().map(({ principal }) => principal));
    expect(askedBy).toContain(AGENT);
  });
});
