import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendNotice } from '../../../src/agent/notify/send-notice.ts';
import { SnsNoticeSender } from '../../../src/aws/sns-notice-sender.ts';
import { type Notice, noticeOf } from '../../../src/core/notice.ts';
import { agentNotify } from '../../../src/templates/notify-shape.ts';
import { runFacts, runRequest } from '../../fakes/runs.ts';

const SECRET = 'a-shared-secret-of-some-length';
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'notify-'));
const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answer: { status: number; headers?: Record<string, string>; body?: string } = { status: 200 };
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
beforeEach(() => {
  received.length = 0;
  answer = { status: 200 };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a webhook', () => {
  it('gets the notice signed with the shared secret, and its key to drop repeats by', async () => {
    await send({ to: 'webhook', webhook: `${url}/hook`, secret: SECRET });
    const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = received;
    const expected = createHmac('sha256', SECRET).update(`1700000000.${body}`).digest('hex');
    expect(headers['slipway-signature']).toBe(`t=1700000000,v1=${expected}`);
    expect(headers['idempotency-key']).toBe('run-1/2/FAILED/etl-alerts');
    expect(JSON.parse(body)).toMatchObject({
      flow: 'etl',
      runs: [{ runId: 'run-1', status: 'FAILED', code: 'EXIT_CODE' }],
    });
  });

  it('is told nothing of parameters, variables and metadata', async () => {
    await send({ to: 'webhook', webhook: url, secret: SECRET });
    expect(received[0]?.body).not.toContain('canary');
  });

  it('may have its address and its secret in files', async () => {
    const [webhookFile, secretFile] = [join(folder, 'url'), join(folder, 'secret')];
    writeFileSync(webhookFile, `${url}/from-file\n`);
    writeFileSync(secretFile, `${SECRET}\n`);
    await send({ to: 'webhook', webhookFile, secretFile });
    expect(received[0]?.path).toBe('/from-file');
    writeFileSync(webhookFile, 'http://example.com/');
    await expect(send({ to: 'webhook', webhookFile, secretFile })).rejects.toThrow('holds no https:// address');
  });

  it('is not followed when it redirects, and fails with words without its path', async () => {
    answer = { status: 302, headers: { location: `${url}/elsewhere` } };
    await expect(send({ to: 'slack', webhook: `${url}/secret-path` })).rejects.toThrow(/redirect \(302\)/);
    expect(received.map(({ path }) => path)).toEqual(['/secret-path']);
    answer = { status: 500 };
    const failed = await send({ to: 'slack', webhook: `${url}/secret-path` }).catch((error: Error) => error.message);
    expect(failed).toMatch(/answered 500/);
    expect(failed).not.toContain('secret-path');
  });
});

describe('Slack', () => {
  it('gets text in which no message of a flow can call a channel', async () => {
    await send({ to: 'slack', webhook: url });
    const { text } = JSON.parse(received[0]?.body ?? '{}');
    expect(text).toContain('FAILED etl: EXIT_CODE\n&lt;!channel&gt; {{ tick.date }} $(id)');
    expect(text).toContain('slipway why run-1');
  });
});

describe('SNS', () => {
  it('gets the words, with the key among the attributes', async () => {
    answer = {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
    };
    await send({ to: 'sns', topic: 'arn:aws:sns:us-east-1:123456789012:alerts.fifo' });
    const form = new URLSearchParams(received[0]?.body);
    expect(form.get('Action')).toBe('Publish');
    expect(form.get('TopicArn')).toBe('arn:aws:sns:us-east-1:123456789012:alerts.fifo');
    expect(form.get('Subject')).toBe('FAILED etl: EXIT_CODE');
    expect(form.get('MessageDeduplicationId')).toBe('run-1/2/FAILED/etl-alerts');
    expect([...form.values()]).toContain('dedupeKey');
  });
});

describe('a command', () => {
  it('gets the notice on its standard input, without a shell and without the agent’s variables', async () => {
    const out = join(folder, 'out');
    const program = `
      const input = require('node:fs').readFileSync(0, 'utf8');
      require('node:fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify({ input, env: process.env, argv: process.argv.slice(1) }));`;
    await send({ to: 'command', command: [process.execPath, '-e', program, '$(id)'] });
    const { input, env, argv } = JSON.parse(readFileSync(out, 'utf8'));
    expect(JSON.parse(input).runs[0].runId).toBe('run-1');
    expect(argv).toEqual(['$(id)']);
    expect(Object.keys(env).sort()).toEqual(['PATH', 'SLIPWAY_DEDUPE_KEY']);
  });

  it('has failed when it ends with anything but 0, cannot be started, or is stopped', async () => {
    await expect(send({ to: 'command', command: ['false'] })).rejects.toThrow('false ended with 1');
    await expect(send({ to: 'command', command: ['/no/such'] })).rejects.toThrow('cannot be started: ENOENT');
    const stop = new AbortController();
    const sleeping = send({ to: 'command', command: ['sleep', '60'] }, stop.signal);
    stop.abort();
    await expect(sleeping).rejects.toThrow('SIGKILL');
  });
});

describe('what agent.yaml says of sinks', () => {
  it.each([
    [{ to: 'slack', webhook: 'http://hooks.slack.com/x' }],
    [{ to: 'slack', webhook: 'https://user:pass@hooks.slack.com/x' }],
    [{ to: 'slack' }],
    [{ to: 'webhook', webhook: 'https://example.com' }],
    [{ to: 'webhook', webhook: 'https://example.com', secret: 'short' }],
    [{ to: 'sns', topic: 'alerts' }],
    [{ to: 'command', command: 'curl x' }],
    [{ to: 'pager' }],
  ])('is refused where it would not do: %j', (sink) => {
    expect(agentNotify.safeParse([sink]).success).toBe(false);
  });

  it('names each sink once', () => {
    const twice = { to: 'command', command: ['true'] };
    expect(agentNotify.safeParse([twice, twice]).success).toBe(false);
    expect(agentNotify.safeParse([twice, { ...twice, name: 'other' }]).success).toBe(true);
  });
});

async function send(written: Record<string, unknown>, stop = never): Promise<void> {
  const [sink] = agentNotify.parse([{ name: 'etl-alerts', ...written }]);
  if (sink === undefined) throw new Error('no sink');
  const sns = new SnsNoticeSender({ region: 'us-east-1', endpoint: url });
  const publish = sns.publish.bind(sns);
  await sendNotice({ publish, now: () => 1_700_000_000_000 }, sink, notice(), stop);
}

function notice(): Notice {
  const request = runRequest({ flow: 'etl', parameters: { key: 'canary' }, metadata: { note: 'canary' } });
  const reason = { code: 'EXIT_CODE', message: '<!channel> {{ tick.date }} $(id)', evidence: 'canary' } as const;
  const facts = runFacts({ request, attempt: 2 });
  return noticeOf('etl', [{ ...facts, status: 'FAILED', finishedAt: 1_700_000_000_000, reason }], 'etl-alerts');
}
