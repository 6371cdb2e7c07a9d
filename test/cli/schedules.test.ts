import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { DynamoScheduleStore } from '../../src/aws/dynamo-schedule-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { readEnv } from '../../src/cli/env.ts';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import type { Clock } from '../../src/service/clock.ts';
import { systemClock } from '../../src/service/clock.ts';
import { runInProcess } from './cli-in-process.ts';
import { emptyFolder, type Folder } from './cli-process.ts';
import { localEnv, startServer } from './local-server.ts';

const NOW = Date.parse('2026-11-20T10:07:30Z');
const clock: Clock = { ...systemClock, now: () => NOW };

const FLOW = `flow: etl
runConfig: {image: example/etl:1, cpu: 1024, memory: 2048}
schedules:
  - name: nightly
    cron: "30 2 * * *"
    timezone: Europe/Berlin
    overlap: skip
    parameters: {day: "{{ tick.date }}", since: "{{ tick.previous.iso }}"}
`;

let aws: LocalAws;
let folder: Folder;
let runs: DynamoRunStore;
let schedules: DynamoScheduleStore;

beforeAll(async () => {
  aws = await startServer();
  folder = await emptyFolder();
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: aws.url });
  await client.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  const documents = createDocumentClient(client);
  runs = new DynamoRunStore(documents, 'slipway');
  schedules = new DynamoScheduleStore(documents, 'slipway');
  await folder.write(
    'agent.yaml',
    'table: slipway\necs: {network: {subnets: [subnet-a]}, executionRoleArn: "arn:aws:iam::123456789012:role/x"}\n',
  );
  await folder.write('flows/etl.yaml', FLOW);
});
afterAll(async () => {
  await aws.stop();
  await folder.remove();
});

const slipway = (...argv: string[]) =>
  runInProcess(argv, { cwd: folder.path, env: readEnv({ ...localEnv(aws), USER: 'ada' }), clock });

describe('slipway schedules', () => {
  it('preview says in words and moments what an expression means', async () => {
    const words = await slipway('schedules', 'preview', 'cron(0 9 ? * 2-6 *)', '-n', '1');
    expect(words).toMatchObject({ exitCode: 0, stdout: 'Mon 2026-11-23 09:00:00 UTC   2026-11-23T09:00:00Z\n' });
    expect(words.stderr).toContain('at 09:00, Monday through Friday');
    expect(words.stderr).toContain('as cron: 0 9 * * 1-5');
  });

  it('preview shows both readings of six fields, and the zone that was meant', async () => {
    const six = await slipway('schedules', 'preview', '0 9 * * ? *');
    expect(six.exitCode).toBe(3);
    expect(six.stderr).toMatch(/with seconds first, .*9 minutes past the hour; with EventBridge's year last, at 09:00/);
    const zone = await slipway('schedules', 'preview', '0 9 * * *', '--timezone', 'Europe/Berlim');
    expect(zone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "Europe/Berlin"?') });
  });

  it('next shows a change of the clocks in the zone of the schedule', async () => {
    const next = await slipway('schedules', 'next', 'etl', '--from', '2027-03-27T12:00:00Z', '-n', '2');
    expect(next.stdout.trim().split('\n')).toEqual([
      'Sun 2027-03-28 03:00:00 GMT+2   2027-03-28T01:00:00Z',
      'Mon 2027-03-29 02:30:00 GMT+2   2027-03-29T00:30:00Z',
    ]);
  });

  it('diff and apply tell what is new, put it on record, and are then content', async () => {
    expect((await slipway('schedules', 'diff')).stdout).toBe('+ etl/nightly  30 2 * * * Europe/Berlin\n');
    expect((await slipway('schedules', 'apply')).stderr).toContain('1 applied');
    expect((await slipway('schedules', 'diff')).stderr).toContain('the record says what the files say');
    expect((await schedules.getMany(['etl/nightly'])).get('etl/nightly')).toMatchObject({ cursor: NOW, version: 1 });
  });

  it('apply asks about a schedule of more than 60 runs a day, and forgets what is gone only with --prune', async () => {
    await folder.write('flows/busy.yaml', 'flow: busy\nrunConfig: {image: a}\nschedules: [{cron: "* * * * *"}]\n');
    const refused = await slipway('schedules', 'apply');
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('busy/default (every minute)') });
    expect((await slipway('schedules', 'apply', '--yes')).exitCode).toBe(0);
    await folder.write('flows/busy.yaml', 'flow: busy\nrunConfig: {image: a}\n');
    expect((await slipway('schedules', 'apply')).stderr).toContain('1 on record and in no file; --prune forgets them');
    expect((await slipway('schedules', 'apply', '--prune')).stdout).toContain('- busy/default');
    expect(await schedules.getMany(['busy/default'])).toEqual(new Map());
  });

  it('pause keeps who and why, ls shows them, resume ends it', async () => {
    await slipway('schedules', 'pause', 'nightly', '--reason', 'source is down');
    const listed = JSON.parse((await slipway('schedules', 'ls', '-o', 'json')).stdout);
    expect(listed).toMatchObject([
      { schedule: 'etl/nightly', status: 'paused', next: null, pause: { by: 'ada', reason: 'source is down' } },
    ]);
    expect((await slipway('schedules', 'resume', 'nightly')).stderr).toContain(
      'goes on; ada had paused it: source is down',
    );
    const table = (await slipway('schedules', 'ls')).stdout;
    expect(table).toMatch(/etl\/nightly +at 02:30 \(Europe\/Berlin\) +on +Sat 2026-11-21 02:30:00 GMT\+1/);
  });

  it('trigger makes a run with the values of a tick', async () => {
    const { stdout } = await slipway('schedules', 'trigger', 'etl', '--tick', '2026-10-01T00:30:00Z', '-o', 'json');
    const run = await runs.get(JSON.parse(stdout).runId);
    expect(run?.request.parameters).toEqual({ day: '2026-10-01', since: '2026-09-30T00:30:00Z' });
    expect(run?.request.trigger).toEqual({ source: 'schedule', by: 'etl/nightly' });
    expect(run?.tick?.schedule).toBe('etl/nightly');
  });

  it('names a schedule that was probably meant', async () => {
    const wrong = await slipway('schedules', 'pause', 'etl/nightli');
    expect(wrong).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did you mean "etl/nightly"?') });
  });
});

describe('slipway backfill', () => {
  it('says before it begins how many runs, how long and what they cost', async () => {
    const { stdout, stderr, exitCode } = await slipway(
      ...[
        'backfill',
        'etl',
        '--from',
        '2026-10-01',
        '--to',
        '2026-11-01',
        '--max-parallel',
        '8',
        '--dry-run',
        '-o',
        'json',
      ],
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ count: 31, totalMs: 240_000, runMs: 60_000, basis: 0 });
    expect(JSON.parse(stdout).cost).toBeCloseTo(31 * 0.000823, 4);
    expect(stderr).toContain(
      '31 runs, about 4m00s (1m00s each, a guess: no run has succeeded yet), ≈ $0.0255 on demand',
    );
    expect(JSON.parse(stdout).runs[24]).toMatchObject({ tick: '2026-10-25T00:30:00Z' });
  });

  it('wants to know which moments are meant', async () => {
    const turned = await slipway('backfill', 'etl', '--from', '2026-11-01', '--to', '2026-10-01');
    expect(turned).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--from has to be earlier than --to'),
    });
    const none = await slipway('backfill', 'busy', '--from', '2026-10-01', '--to', '2026-10-02');
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('give --every 1d') });
    const every = ['backfill', 'busy', '--from', '2026-10-01', '--to', '2026-10-02', '--every', '6h', '--dry-run'];
    expect((await slipway(...every)).stderr).toContain('4 runs');
  });
});
