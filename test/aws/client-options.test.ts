import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type AwsClientOptions, clientSettings } from '../../src/aws/client-options.ts';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createLogsClient } from '../../src/aws/create-logs-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { createSecretsClient } from '../../src/aws/create-secrets-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';

const options: AwsClientOptions = {
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:1',
  timing: { monotonic: () => 0, random: () => 0 },
};

interface Configured {
  readonly config: {
    readonly requestHandler: object;
    readonly maxAttempts: () => Promise<number>;
    readonly retryStrategy: () => Promise<object>;
  };
}

const CLIENTS: Readonly<Record<string, () => Configured>> = {
  'create-dynamodb-client.ts': () => createDynamoDbClient(options),
  'create-ecs-client.ts': () => createEcsClient(options),
  'create-logs-client.ts': () => createLogsClient(options),
  'create-s3-client.ts': () => createS3Client(options),
  'create-secrets-client.ts': () => createSecretsClient(options),
  'create-sqs-client.ts': () => createSqsClient(options),
};

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('clients of AWS', () => {
  it('are made in one place each, always with our settings', () => {
    const made = sourceFiles('src').flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(/new [A-Z]\w*Client\(([^;]*)\)/g)].map(([call]) => ({ file, call }));
    });
    expect(made.length).toBeGreaterThanOrEqual(7);
    for (const { file, call } of made) {
      expect(file, call).toMatch(/^src\/aws\//);
      expect(call, file).toMatch(/clientSettings\((?:\{ \.\.\.)?(?:this\.#)?options/);
    }
    const files = readdirSync('src/aws').filter((name) => /^create-.*-client\.ts$/.test(name));
    expect(
      Object.keys(CLIENTS)
        .filter((name) => files.includes(name))
        .sort(),
    ).toEqual(Object.keys(CLIENTS).sort());
  });

  it.each(Object.entries(CLIENTS))('have an end to every wait, and few tries: %s', async (_, create) => {
    const { requestHandler, maxAttempts, retryStrategy } = create().config;
    const settings = await settingsOf(requestHandler);
    expect(settings).toMatchObject({ connectionTimeout: 3_000, throwOnRequestTimeout: true });
    expect(Number(settings.requestTimeout)).toBeGreaterThan(0);
    expect(Number(settings.requestTimeout)).toBeLessThanOrEqual(30_000);
    expect(settings.socketTimeout).toBe(settings.requestTimeout);
    expect(await maxAttempts()).toBe(3);
    expect(Object.keys(await retryStrategy())).toEqual([
      'acquireInitialRetryToken',
      'refreshRetryTokenForRetry',
      'recordSuccess',
    ]);
  });

  it('let a long poll take its twenty seconds', async () => {
    const settings = await settingsOf(createSqsClient(options).config.requestHandler);
    expect(Number(settings.requestTimeout)).toBeGreaterThan(20_000);
  });

  it('give up on a server that never answers', async () => {
    const endpoint = await serve(() => {});
    const sqs = new SQSClient({ ...clientSettings({ region: 'us-east-1', endpoint }, 100), maxAttempts: 1 });
    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    sqs.destroy();
  });

  it('give up on an answer that stops in its middle', async () => {
    const endpoint = await serve((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning');
    });
    const settings = clientSettings({ region: 'us-east-1', endpoint }, 100);
    const s3 = new S3Client({ ...settings, maxAttempts: 1, forcePathStyle: true });
    const read = async () => (await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).Body?.transformToString();
    await expect(read()).rejects.toThrow(/timed out|aborted/i);
    s3.destroy();
  });
});

async function serve(answer: (response: import('node:http').ServerResponse) => void): Promise<string> {
  server = createServer((_, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

/** The SDK's handler keeps what it was made with behind a promise. */
async function settingsOf(handler: object): Promise<Record<string, unknown>> {
  return { ...(await Promise.resolve(Reflect.get(handler, 'configProvider'))) };
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith('.ts') ? [path] : [];
  });
}
