import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notifier } from '../../src/agent/notify/notifier.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { DynamoNoticeOutbox } from '../../src/aws/dynamo-notice-outbox.ts';
import { readEnv } from '../../src/cli/env.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { NoticeOutbox } from '../../src/core/notice-outbox.ts';
import { systemClock } from '../../src/service/clock.ts';
import { silentLog } from '../../src/service/log.ts';
import { agentNotify } from '../../src/templates/notify-shape.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { localEnv } from '../cli/local-server.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let server: Server;
let status = 500;
let outbox: NoticeOutbox;
let sinks: { name: string; to: string; webhook: string; secret: string; throttle: string }[];
const received: Notice[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (status === 200) received.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const webhook = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  sinks = [{ name: 'hook', to: 'webhook', webhook, secret: 'a-secret-of-16-characters', throttle: '0s' }];
  stage = await Stage.open();
  const client = createDocumentClient(createDynamoDbClient({ region: 'us-east-1', endpoint: stage.aws.url }));
  outbox = new DynamoNoticeOutbox(client, 'slipway');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stage.close();
});

describe('notices of ended runs', () => {
  it('are on record with the end itself, outlast the agent that made it, and leave the record as it was', async () => {
    const agent = await stage.agent(silentLog, { notify: { value: sinks, origin: 'test' } });
    await stage.send({ flow: 'fails', runId: 'failing' });
    await stage.send({ flow: 'plain', runId: 'well' });
    await stage.processUntilEnded(agent, 2);
    expect(await outbox.pending(10)).toEqual(['failing']);
    const before = await stage.store.get('failing');

    status = 200;
    await tellOnce();
    expect(received).toMatchObject([
      { dedupeKey: 'failing/1/FAILED/hook', flow: 'fails', runs: [{ runId: 'failing', status: 'FAILED' }] },
    ]);
    expect(await outbox.pending(10)).toEqual([]);
    expect(await stage.store.get('failing')).toEqual(before);
    await tellOnce();
    expect(received).toHaveLength(1);
  });

  it('are told by an agent that knows the sink, whoever has brought the run to its end', async () => {
    const before = received.length;
    status = 200;
    const mute = await stage.agent();
    const talking = await stage.agent(silentLog, { notify: { value: sinks, origin: 'test' } });
    const stop = new AbortController().signal;
    // Each has to know of the other before there is anything to tell.
    await talking.processAll(stop);
    await mute.processAll(stop);
    await stage.send({ flow: 'fails', runId: 'ended-by-mute' });
    const known = (await stage.runs()).length;
    await stage.processUntilEnded(mute, known + 1);
    expect(await outbox.pending(10)).toEqual(['ended-by-mute']);
    while ((await outbox.pending(10)).length > 0) await talking.processAll(stop);
    expect(received.slice(before)).toMatchObject([{ dedupeKey: 'ended-by-mute/1/FAILED/hook' }]);
  });

  it('remember which sinks have been told, and forget nothing by a late note', async () => {
    const agent = await stage.agent(silentLog, { notify: { value: sinks, origin: 'test' } });
    status = 500;
    await stage.send({ flow: 'fails', runId: 'again' });
    await stage.processUntilEnded(agent, 4);
    await outbox.noteTold('again', 'another');
    expect(await outbox.read('again')).toMatchObject({ run: { runId: 'again' }, told: new Set(['another']) });
    await outbox.remove('again');
    await outbox.noteTold('again', 'hook');
    expect(await outbox.read('again')).toBeUndefined();
  });
});

describe('slipway notify test', () => {
  const slipway = (...args: string[]) =>
    runInProcess(['notify', 'test', ...args, '--config', stage.configRef], { env: readEnv(localEnv(stage.aws)) });

  it('says that there is nobody to tell', async () => {
    expect(await slipway()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('agent.yaml has no notify') });
  });
});

/** Another agent's notifier, which knows nothing but the table. */
async function tellOnce(): Promise<void> {
  const { sendNotice } = await import('../../src/agent/notify/send-notice.ts');
  const known = agentNotify.parse(sinks);
  const publish = () => Promise.reject(new Error('no SNS here'));
  const notifier = new Notifier({
    outbox,
    clock: systemClock,
    log: silentLog,
    telling: { mine: known, foreign: new Set() },
    addresseesOf: async () => ({ sinks: known, unknown: [], hasRecovered: false }),
    send: (sink, notice, stop) => sendNotice({ publish, now: () => systemClock.now() }, sink, notice, stop),
    onTrouble: () => {},
    everyMs: 1,
  });
  await notifier.round(new AbortController().signal);
  await notifier.settled();
}
