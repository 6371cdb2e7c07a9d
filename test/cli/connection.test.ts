import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { type Connection, connect } from '../../src/cli/connection.ts';
import { findDevSession, ownDevSession, publishDevSession } from '../../src/cli/dev-session.ts';
import { readEnv } from '../../src/cli/env.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { systemClock } from '../../src/service/clock.ts';
import { KeptOutput } from './cli-in-process.ts';
import { emptyFolder, type Folder } from './cli-process.ts';

const SESSION = {
  endpoint: 'http://127.0.0.1:4210',
  region: 'us-east-1',
  queueUrl: 'http://127.0.0.1:4210/000000000000/slipway',
  table: 'slipway',
  bucket: 's3://slipway',
  pid: process.pid,
};

/** Process ids end at 4 194 304 on Linux (proc(5), pid_max). */
const DEAD_PID = 4_194_305;

let folder: Folder;
let stderr: KeptOutput;

beforeEach(async () => {
  folder = await emptyFolder();
  stderr = new KeptOutput();
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await folder.remove();
});

function contextIn(cwd: string, variables: Record<string, string>): CliContext {
  const stdout = new KeptOutput();
  return {
    terminal: new Terminal({ stdout, stderr, noColor: true, forceColor: false }),
    stdout,
    stdin: (async function* () {})(),
    env: readEnv(variables),
    clock: systemClock,
    signals: new EventEmitter(),
    program: 'slipway',
    cwd,
  };
}

function connectBy(flags: object, variables: Record<string, string> = {}, cwd = folder.path): Promise<Connection> {
  return connect({ local: false, ...flags }, contextIn(cwd, variables));
}

describe('which AWS is meant', () => {
  it('is the "slipway dev" of the folder or of one above it where nothing else is named, and says so', async () => {
    publishDevSession(folder.path, SESSION);
    const below = join(folder.path, 'a', 'b');
    await mkdir(below, { recursive: true });
    for (const cwd of [folder.path, below]) {
      expect(await connectBy({}, {}, cwd)).toEqual({
        aws: { endpoint: SESSION.endpoint, region: 'us-east-1' },
        isLocal: true,
        table: 'slipway',
        queueUrl: SESSION.queueUrl,
        bucket: 's3://slipway',
        prices: {},
      });
    }
    expect(stderr.text).toContain('local AWS of "slipway dev" at http://127.0.0.1:4210');
    expect(process.env.AWS_ACCESS_KEY_ID).toBe('test');
  });

  it('is still the local one when its exports are in the environment', async () => {
    publishDevSession(folder.path, SESSION);
    const { isLocal } = await connectBy({}, { AWS_ENDPOINT_URL: 'http://localhost:4210', AWS_REGION: 'us-east-1' });
    expect(isLocal).toBe(true);
  });

  it.each([
    { flags: { table: 'runs' }, variables: {} },
    { flags: {}, variables: { SLIPWAY_TABLE: 'runs' } },
    { flags: { table: 'runs', endpointUrl: 'http://127.0.0.1:9999' }, variables: {} },
  ])('is what $flags and $variables name, whatever runs here', async ({ flags, variables }) => {
    publishDevSession(folder.path, SESSION);
    expect(await connectBy(flags, variables)).toMatchObject({ isLocal: false, table: 'runs' });
    expect(stderr.text).toBe('');
  });

  it('is what agent.yaml names where no "slipway dev" runs, with flags over it', async () => {
    const queues = 'queues: [{ url: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" }]';
    const config = await folder.write('deep/agent.yaml', `table: from-file\nbucket: s3://files\n${queues}\n`);
    expect(await connectBy({ config, table: 'from-flag', region: 'eu-west-1' })).toEqual({
      aws: { region: 'eu-west-1' },
      isLocal: false,
      table: 'from-flag',
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
      bucket: 's3://files',
      prices: {},
    });
    await folder.write('agent.yaml', 'table: beside\n');
    expect(await connectBy({})).toMatchObject({ table: 'beside' });
  });

  it('is the local one with --local, or an error', async () => {
    await expect(connectBy({ local: true })).rejects.toMatchObject({ exitCode: 5 });
    publishDevSession(folder.path, SESSION);
    expect(await connectBy({ local: true, table: 'runs' })).toMatchObject({ isLocal: true, table: 'slipway' });
  });

  it('keeps the credentials that somebody has set, and makes some up for loopback endpoints only', async () => {
    await connectBy({ table: 'runs', region: 'eu-west-1' });
    expect(process.env.AWS_ACCESS_KEY_ID).toBeUndefined();
    await connectBy({ table: 'runs', endpointUrl: 'http://localhost:5000' });
    expect(process.env.AWS_ACCESS_KEY_ID).toBe('test');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'mine');
    await connectBy({ table: 'runs', endpointUrl: 'http://localhost:5000' });
    expect(process.env.AWS_ACCESS_KEY_ID).toBe('mine');
  });
});

describe('the session of "slipway dev"', () => {
  it('counts only while its process lives', () => {
    publishDevSession(folder.path, { ...SESSION, pid: DEAD_PID });
    expect(findDevSession(folder.path)).toBeUndefined();
    expect(ownDevSession(folder.path)).toBeUndefined();
  });

  it('is taken away by the one who published it, and by no other', () => {
    const removeFirst = publishDevSession(folder.path, { ...SESSION, pid: DEAD_PID });
    const removeSecond = publishDevSession(folder.path, SESSION);
    removeFirst();
    expect(ownDevSession(folder.path)).toEqual(SESSION);
    removeSecond();
    expect(ownDevSession(folder.path)).toBeUndefined();
  });

  it.each(['', '{', '[]', 'null', '{"pid": 1}'])('is none where the file holds %j', async (text) => {
    await folder.write('.slipway/dev.json', text);
    expect(findDevSession(folder.path)).toBeUndefined();
  });
});
