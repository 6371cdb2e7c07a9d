import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../src/local/start-local-aws.ts';

const Bucket = 'files';

describe('local S3', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function start(stateDir?: string): Promise<{ aws: LocalAws; client: S3Client; stop(): Promise<void> }> {
    const aws = await startLocalAws(stateDir === undefined ? {} : { stateDir });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new S3Client({
      endpoint: aws.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials,
      maxAttempts: 1,
    });
    const stop = async () => {
      client.destroy();
      await aws.stop();
    };
    ends.push(stop);
    await client.send(new CreateBucketCommand({ Bucket }));
    return { aws, client, stop };
  }

  function stateFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-s3-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    return folder;
  }

  const text = async (client: S3Client, Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return Body?.transformToString();
  };

  it('keeps objects, settings and uploads under way over a restart', async () => {
    const folder = stateFolder();
    const first = await start(folder);
    const versioning = { Status: 'Enabled' as const };
    await first.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: versioning }));
    await first.client.send(new PutObjectCommand({ Bucket, Key: 'Ä/../b', Body: 'kept', Metadata: { a: '1' } }));
    const upload = { Bucket, Key: 'big' };
    const { UploadId } = await first.client.send(new CreateMultipartUploadCommand(upload));
    const part = { ...upload, UploadId, PartNumber: 1, Body: 'part' };
    const { ETag } = await first.client.send(new UploadPartCommand(part));
    await first.stop();

    const { client } = await start(folder);
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    expect(await text(client, 'Ä/../b')).toBe('kept');
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'Ä/../b' }))).Metadata).toEqual({ a: '1' });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }));
    expect(await text(client, 'big')).toBe('part');
    expect(readdirSync(join(folder, 's3', 'uploads'))).toEqual([]);
  });

  it('stores nothing of a body that ends halfway, and goes on', async () => {
    const { aws, client } = await start(stateFolder());
    const socket = connect(aws.port, '127.0.0.1');
    await once(socket, 'connect');
    const head = `PUT /${Bucket}/half HTTP/1.1\r\nHost: 127.0.0.1:${aws.port}\r\nContent-Length: 1000\r\n\r\n`;
    await new Promise((sent) => socket.write(head + 'x'.repeat(500), sent));
    socket.destroy();
    await once(socket, 'close');
    await client.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: 'whole' }));
    expect(await text(client, 'whole')).toBe('whole');
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'half' }))).rejects.toThrow(
      expect.objectContaining({ name: 'NotFound' }),
    );
  });

  it('names the operation of a request for fault injection', async () => {
    const { aws, client } = await start();
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    aws.faults.add({
      operation: 's3.GetObject',
      nth: 1,
      fault: { kind: 'error', name: 'SlowDown', message: 'Please reduce your request rate.', status: 503 },
    });
    await expect(text(client, 'a')).rejects.toThrow(expect.objectContaining({ name: 'SlowDown' }));
    expect(await text(client, 'a')).toBe('x');
    expect(aws.faults.counts().get('s3.PutObject')).toBe(1);
  });

  it('checks the CRC64NVME and CRC32C that other SDKs send', async () => {
    const { aws } = await start();
    const put = (key: string, headers: Record<string, string>) =>
      fetch(`${aws.url}/${Bucket}/${key}`, { method: 'PUT', body: '123456789', headers });
    // The check values that the catalogue of CRC algorithms gives for this text.
    const nvme = Buffer.from('ae8b14860a799888', 'hex').toString('base64');
    const castagnoli = Buffer.from('e3069283', 'hex').toString('base64');
    expect((await put('a', { 'x-amz-checksum-crc64nvme': nvme })).status).toBe(200);
    expect((await put('b', { 'x-amz-checksum-crc32c': castagnoli })).status).toBe(200);
    const wrong = await put('c', { 'x-amz-checksum-crc64nvme': Buffer.alloc(8).toString('base64') });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('<Code>BadDigest</Code>');
    const short = await put('d', { 'x-amz-checksum-crc64nvme': castagnoli });
    expect(await short.text()).toContain('<Code>InvalidRequest</Code>');
  });

  it('takes the signed chunks of other SDKs and refuses a cut one', async () => {
    const { aws, client } = await start();
    const chunk = (bytes: string) => `${bytes.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n${bytes}\r\n`;
    const put = (key: string, body: string) =>
      fetch(`${aws.url}/${Bucket}/${key}`, {
        method: 'PUT',
        body,
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
          'x-amz-decoded-content-length': '11',
        },
      });
    expect((await put('a', `${chunk('hello ')}${chunk('world')}${chunk('')}`)).status).toBe(200);
    expect(await text(client, 'a')).toBe('hello world');
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).ContentEncoding).toBeUndefined();
    const cut = await put('b', chunk('hello '));
    expect(await cut.text()).toContain('<Code>IncompleteBody</Code>');
  });

  it('finds the bucket in the host name, as the AWS CLI writes it for localhost', async () => {
    const { aws, client } = await start();
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'by host' }));
    const socket = connect(aws.port, '127.0.0.1');
    socket.write(`GET /a HTTP/1.1\r\nHost: ${Bucket}.localhost:${aws.port}\r\nConnection: close\r\n\r\n`);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer).toContain('by host');
  });

  it('answers errors in XML with code, message, key and request id', async () => {
    const { aws } = await start();
    const response = await fetch(`${aws.url}/${Bucket}/a%26b`);
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(
      /<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>a&amp;b<\/Key><RequestId>.+<\/RequestId><\/Error>/,
    );
    const unknown = await fetch(`${aws.url}/${Bucket}/a?acl`);
    expect(unknown.status).toBe(501);
    const malformed = await fetch(`${aws.url}/${Bucket}/%zz`);
    expect(await malformed.text()).toContain('<Code>InvalidURI</Code>');
    const owner = await fetch(`${aws.url}/${Bucket}`, { headers: { 'x-amz-expected-bucket-owner': '111111111111' } });
    expect(owner.status).toBe(403);
  });
});
