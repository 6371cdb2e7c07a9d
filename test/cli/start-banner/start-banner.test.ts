import { afterEach, describe, expect, it } from 'vitest';
import { createSqsClient } from '../../../src/aws/create-sqs-client.ts';
import { ng, ok, warn } from '../../../src/cli/doctor/finding.ts';
import { readEnv } from '../../../src/cli/env.ts';
import { type AwsFactTools, awsFacts } from '../../../src/cli/start-banner/aws-facts.ts';
import { bannerText } from '../../../src/cli/start-banner/banner-text.ts';
import { ownFacts } from '../../../src/cli/start-banner/own-facts.ts';
import { tellStart } from '../../../src/cli/start-banner/tell-start.ts';
import { Terminal } from '../../../src/cli/terminal.ts';
import { formatFault } from '../../../src/core/fault.ts';
import { type Clock, systemClock } from '../../../src/service/clock.ts';
import { silentLog } from '../../../src/service/log.ts';
import { fileSourceReader } from '../../../src/templates/read-file-source.ts';
import { loadWorkspace, type Workspace } from '../../../src/templates/workspace.ts';
import { Stage } from '../../whole/stage.ts';
import { KeptOutput } from '../cli-in-process.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const ADDRESS = { host: '127.0.0.1', port: 4200, url: 'http://127.0.0.1:4200' };
const NEVER = new AbortController().signal;
const plain = (_format: unknown, text: string) => text;

async function workspaceOf({ configRef, queueUrl }: Stage): Promise<Workspace> {
  const settings = { queues: { value: [{ url: queueUrl }], origin: 'test' } };
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  return workspace.value;
}

const SCHEDULED = `
flow: nightly
version: "1"
schedules: [{ cron: "0 2 * * *", timezone: America/New_York }, { name: off, cron: "0 3 * * *", enabled: false }]
runConfig: { image: busybox, command: ["true"] }
`;

describe('what an agent knows of itself at its start', () => {
  it('is its files with their etags, its next tick and its limits, and what was left out', async () => {
    stage = await Stage.open({ 'flows/nightly.yaml': SCHEDULED, 'flows/bad.yaml': 'flow: bad\nrunConfg: {}\n' });
    const workspace = await workspaceOf(stage);
    const now = Date.parse('2026-10-01T00:00:00Z');
    const facts = ownFacts({ workspace, address: ADDRESS, region: 'us-east-1', now });
    const said = (check: string) => facts.filter((fact) => fact.check === check);
    expect(said('agent')).toMatchObject([{ detail: 'test-agent  no labels' }]);
    expect(said('cluster')).toMatchObject([{ detail: 'default  us-east-1  FARGATE' }]);
    expect(said('template')).toMatchObject([{ detail: expect.stringMatching(/task-definition\.yaml {2}etag \S+$/) }]);
    expect(said('schedules')).toMatchObject([
      { detail: '1 enabled of 2, next nightly/default Thu 2026-10-01 02:00:00 GMT-4 (in 6h00m)' },
    ]);
    expect(said('limits')).toMatchObject([{ detail: '1000 runs at once · 1000 launches/s' }]);
    expect(said('flows')).toMatchObject([
      { status: 'OK' },
      { status: 'NG', detail: expect.stringMatching(/left out: .*bad\.yaml:2:1/) },
    ]);
  });
});

/** As if the time that a look may take were over at once. */
const hasty: Clock = { ...systemClock, sleep: async () => undefined };

describe('the look around', () => {
  const unanswered = () => new Promise<never>(() => {});

  it('waits for nobody: what does not answer is told as that', async () => {
    stage = await Stage.open();
    const tools: AwsFactTools = {
      workspace: await workspaceOf(stage),
      table: 'slipway',
      region: 'us-east-1',
      identity: unanswered,
      sqs: createSqsClient({ region: 'us-east-1', endpoint: stage.aws.url }),
      gauge: { depth: unanswered, oldestDue: unanswered },
      fleet: { read: unanswered, beat: unanswered, forget: unanswered, pass: unanswered },
      process: { host: 'here', pid: 1 },
      skewMs: () => undefined,
      clock: hasty,
    };
    const facts = await awsFacts(tools, NEVER);
    tools.sqs.destroy();
    const silent = facts.filter(({ detail }) => detail.startsWith('no answer within 1.5 s'));
    expect(silent.map(({ check, status, fix }) => ({ check, status, fix }))).toEqual(
      ['account', 'table', 'queue slipway'].map((check) => ({ check, status: 'WARN', fix: 'slipway doctor' })),
    );
  });

  it('says that there is no such table or queue, and what makes them', async () => {
    stage = await Stage.open();
    const workspace = await workspaceOf(stage);
    const stdout = new KeptOutput(true);
    const terminal = new Terminal({ stdout, stderr: new KeptOutput(), noColor: true, forceColor: false });
    const context = {
      terminal,
      stdout,
      stdin: (async function* () {})(),
      env: readEnv({}),
      clock: systemClock,
      signals: process,
      program: 'slipway',
      cwd: '/nonexistent',
    };
    const aws = { region: 'us-east-1', endpoint: stage.aws.url };
    await tellStart({ workspace, table: 'missing', address: ADDRESS, aws, log: silentLog, stop: NEVER }, context);
    expect(stdout.text).toMatch(/^slipway agent \S+ {2}node/);
    expect(stdout.text).toContain('account            000000000000 us-east-1  as user/local');
    expect(stdout.text).toContain('queue slipway      0 waiting, 0 in flight');
    expect(stdout.text).toMatch(/! table: ResourceNotFoundException.*\n {4}Fix: slipway setup --table missing/);
  });
});

describe('the banner', () => {
  it('has one line for a fact, and trouble below them with what mends it, in words that only show', () => {
    const text = bannerText(
      [
        ok('agent', 'a'),
        ok('queue main', '3 waiting'),
        warn('clock', '20 s behind\u001b[31m', 'ntp'),
        ng('table', 'gone'),
      ],
      plain,
      1_200,
    );
    expect(text.split('\n').slice(1)).toEqual([
      '',
      '  agent       a',
      '  queue main  3 waiting',
      '',
      '  ! clock: 20 s behind\\u001b[31m',
      '    Fix: ntp',
      '',
      '  ! table: gone',
      '',
      'Looked around in 1.2s. Ctrl-C drains; launched runs keep running.',
    ]);
  });
});
