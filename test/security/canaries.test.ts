import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createSecretsClient } from '../../src/aws/create-secrets-client.ts';
import { printable } from '../../src/cli/printable.ts';
import { isFinished } from '../../src/core/run.ts';
import { createLog } from '../../src/service/log.ts';
import { bodyOf } from '../messages/message-case.ts';
import { messageCorpus } from '../messages/message-corpus.ts';
import { Stage } from '../whole/stage.ts';

/** A value that nobody may see but the program that it is for. */
const SECRET = 'hunter2-"canary"/+secret=';
/** Values that belong on a record, or into a task's overrides, and into no log. */
const PRIVATE = 'private-canary-4711';

/** The ways in which a value gets into a text. */
function writtenAs(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  return [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
    inspect(value).slice(1, -1),
  ];
}

function expectNone(sink: string, value: string): void {
  for (const form of writtenAs(value)) expect(sink.includes(form), form).toBe(false);
}

const AGENT_WITH_SECRET = {
  'flows/secretive.yaml': `
flow: secretive
runConfig:
  image: busybox
  command: [sh, -c, "test -n \\"$DB_PASSWORD\\" && echo it runs"]
  secrets: { DB_PASSWORD: db-password }
`,
};

let stage: Stage;
let lines: string[];
const sink = () => lines.join('');

beforeEach(async () => {
  stage = await Stage.open(AGENT_WITH_SECRET);
  lines = [];
  stage.aws.faults.record();
});
afterEach(() => stage.close());

function log() {
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  return createLog('debug', stream);
}

async function tableText(): Promise<string> {
  const dynamodb = createDynamoDbClient({ region: 'us-east-1', endpoint: stage.aws.url });
  const { Items } = await dynamodb.send(new ScanCommand({ TableName: 'slipway' }));
  dynamodb.destroy();
  return JSON.stringify(Items);
}

describe('X8: a secret', () => {
  it('is in no log, no record, no definition and no override of a run that uses it', async () => {
    const secrets = createSecretsClient({ region: 'us-east-1', endpoint: stage.aws.url });
    await secrets.send(new CreateSecretCommand({ Name: 'db-password', SecretString: SECRET }));
    secrets.destroy();
    stage.aws.faults.recorded();
    const agent = await stage.agent(log());
    const before = stage.aws.faults.recorded().length;
    await stage.send({ flow: 'secretive', runId: 's1' });
    const [run] = await stage.processUntilEnded(agent, 1);
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    expectNone(sink(), SECRET);
    expectNone(await tableText(), SECRET);
    const said = stage.aws.faults.recorded().slice(before);
    expect(said.map(({ operation }) => operation)).toContain('ecs.RunTask');
    expectNone(JSON.stringify(said.map(({ input }) => input)), SECRET);
  });

  it('is told by nobody where ECS or DynamoDB fails in the middle of it', async () => {
    const agent = await stage.agent(log());
    for (const [nth, operation] of ['ecs.RunTask', 'ecs.RegisterTaskDefinition', 'dynamodb.PutItem'].entries()) {
      const message = 'Service Unavailable';
      stage.aws.faults.add({
        operation,
        nth: 1,
        fault: { kind: 'error', name: 'ServerException', message, status: 503 },
      });
      await stage.send({
        flow: 'plain',
        runId: `e${nth}`,
        parameters: { token: PRIVATE },
        runConfig: { env: { TOKEN: PRIVATE } },
      });
    }
    for (let i = 0; i < 3; i += 1) await agent.processAll(new AbortController().signal);
    expect(sink()).toContain('"event"');
    expectNone(sink(), PRIVATE);
    expectNone(
      sink(),
      process.env.AWS_SECRET_ACCESS_KEY === 'test' ? PRIVATE : (process.env.AWS_SECRET_ACCESS_KEY ?? PRIVATE),
    );
  });
});

describe('X9: values of a request', () => {
  it('are in no log line, whether the request is good, refused or unreadable', async () => {
    const agent = await stage.agent(log());
    const bodies: readonly (object | string)[] = [
      {
        flow: 'plain',
        parameters: { token: PRIVATE, deep: [{ key: PRIVATE }] },
        runConfig: { env: { TOKEN: PRIVATE } },
      },
      { flow: 'plain', metadata: { note: PRIVATE } },
      { flow: 'checked', parameters: { name: { token: PRIVATE } } },
      { flow: 'checked', parameters: { other: PRIVATE } },
      { flow: 'plain', runConfig: { command: [PRIVATE], secrets: { A: PRIVATE } } },
      { flow: 'plain', runConfig: { env: { A: [PRIVATE] } } },
      { flow: 'plain', priority: PRIVATE },
      { flow: 'plain', notBefore: PRIVATE },
      { flow: 'plain', runId: `no id: ${PRIVATE}` },
      { flow: 'plain', parametersS3Uri: `http://${PRIVATE}/` },
      { flow: 'plain', trigger: { source: { by: PRIVATE } } },
      { flow: 'plain', labels: { a: PRIVATE } },
      `{"flow":"plain","parameters":{"token":${PRIVATE}}}`,
      `{"flow":"plain","parameters":{"token":"${PRIVATE}`,
      `${PRIVATE}`,
      `"${PRIVATE}"`,
      `{'token':'${PRIVATE}'}`,
    ];
    for (const body of bodies) await stage.send(body);
    const runs = await stage.processUntilEnded(agent, bodies.length);
    expect(runs.filter(isFinished)).toHaveLength(bodies.length);
    expect(lines.length).toBeGreaterThan(bodies.length);
    expectNone(sink(), PRIVATE);
  });
});

describe('X10: log lines', () => {
  it('are one JSON object each, whatever stands in a message', async () => {
    const agent = await stage.agent(log());
    // A fifth of the corpus: the whole of it goes through a receiver in its own test.
    const written = messageCorpus().filter(({ body }) => body.length === 1);
    const bad = written.map(bodyOf).filter((body, index) => body !== '' && index % 5 === 0);
    const hostile = [
      '\n{"level":"info","event":"run.succeeded"}',
      '\r\n',
      '\u001b[2J\u001b[31m',
      '"}',
      '\u2028',
      '\u0085',
      '\u009b',
    ];
    for (const text of hostile) bad.push(JSON.stringify({ flow: text }), JSON.stringify({ flow: 'a', [text]: 1 }));
    for (let i = 0; i < bad.length; i += 40) await Promise.all(bad.slice(i, i + 40).map((body) => stage.send(body)));
    while ((await stage.depth()) > 0) await agent.processAll(new AbortController().signal);
    const all = sink().split('\n');
    expect(all.pop()).toBe('');
    expect(all.length).toBeGreaterThan(bad.length);
    for (const line of all) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), event: expect.stringMatching(/^[a-z.-]+$/) });
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }
  });

  it('are followed by words of strangers that only show, on a terminal too', () => {
    const shown = printable('bad\r\n\u001b[31mFAILED\u0007\u009b2J \u007f ok \t end');
    expect(shown).toBe('bad\\r\\n\\u001b[31mFAILED\\u0007\\u009b2J \\u007f ok \\t end');
  });
});
