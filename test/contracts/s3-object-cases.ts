import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type ContractCase, failureOf, type SharedBucket } from './s3-fixture.ts';

export function describeObjects(check: ContractCase, shared: () => SharedBucket): void {
  const at = (Key: string) => ({ Bucket: shared().name, Key });
  const send: SharedBucket['client']['send'] = (command: never) => shared().client.send(command);

  check('an object comes back with its content, type, headers and metadata', async () => {
    const Key = `${shared().prefix()}a.json`;
    const described = { ContentType: 'application/json', CacheControl: 'no-store', ContentEncoding: 'identity' };
    const { ETag } = await send(
      new PutObjectCommand({ ...at(Key), Body: '{"a":1}', ...described, Metadata: { flow: 'etl' } }),
    );
    expect(ETag).toBe(`"${createHash('md5').update('{"a":1}').digest('hex')}"`);
    const answer = await send(new GetObjectCommand(at(Key)));
    expect(await answer.Body?.transformToString()).toBe('{"a":1}');
    expect(answer).toMatchObject({ ...described, Metadata: { flow: 'etl' }, ETag, ContentLength: 7 });
    const { Body: _body, ...head } = await send(new HeadObjectCommand(at(Key))).then((head) => ({ Body: 0, ...head }));
    expect(head).toMatchObject({ ...described, Metadata: { flow: 'etl' }, ETag, ContentLength: 7 });
  });

  check('an object without a type is binary/octet-stream', async () => {
    const Key = `${shared().prefix()}bytes`;
    await send(new PutObjectCommand({ ...at(Key), Body: Buffer.from([1, 2]) }));
    expect((await send(new HeadObjectCommand(at(Key)))).ContentType).toMatch(/octet-stream$/);
  });

  check('a stream is stored without the framing of its transfer', async () => {
    const Key = `${shared().prefix()}stream`;
    const content = Buffer.alloc(300_000, 'slipway ');
    const Body = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);
    await send(new PutObjectCommand({ ...at(Key), Body, ContentLength: content.length }));
    const { Body: stored, ContentEncoding } = await send(new GetObjectCommand(at(Key)));
    expect(Buffer.from((await stored?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    expect(ContentEncoding ?? '').not.toContain('aws-chunked');
  });

  check('a missing object is NoSuchKey, and in a missing bucket NoSuchBucket', async () => {
    const missing = at(`${shared().prefix()}missing`);
    expect(await failureOf(send(new GetObjectCommand(missing)))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await failureOf(send(new HeadObjectCommand(missing)))).toEqual({ name: 'NotFound', status: 404 });
    const nowhere = { Bucket: `${shared().name}-x`.slice(-60).replace(/^-/, 'a'), Key: 'a' };
    expect(await failureOf(send(new GetObjectCommand(nowhere)))).toEqual({ name: 'NoSuchBucket', status: 404 });
  });

  check('GetObject and HeadObject with If-None-Match of the same ETag are 304', async () => {
    const Key = `${shared().prefix()}a`;
    const { ETag } = await shared().put(Key, 'same');
    const condition = { ...at(Key), IfNoneMatch: ETag };
    expect((await failureOf(send(new GetObjectCommand(condition)))).status).toBe(304);
    expect((await failureOf(send(new HeadObjectCommand(condition)))).status).toBe(304);
    await shared().put(Key, 'changed');
    expect(await send(new GetObjectCommand(condition)).then(({ Body }) => Body?.transformToString())).toBe('changed');
  });

  check('GetObject with If-Match of another ETag is 412', async () => {
    const Key = `${shared().prefix()}a`;
    const { ETag } = await shared().put(Key, 'first');
    await send(new GetObjectCommand({ ...at(Key), IfMatch: ETag }));
    await shared().put(Key, 'second');
    const failure = await failureOf(send(new GetObjectCommand({ ...at(Key), IfMatch: ETag })));
    expect(failure).toEqual({ name: 'PreconditionFailed', status: 412 });
  });

  check('PutObject with If-None-Match: * writes only what is not there', async () => {
    const put = (Body: string) => send(new PutObjectCommand({ ...at(Key), Body, IfNoneMatch: '*' }));
    const Key = `${shared().prefix()}once`;
    await put('first');
    expect(await failureOf(put('second'))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await shared().text(Key)).toBe('first');
  });

  check('PutObject with If-Match writes only over that ETag', async () => {
    const Key = `${shared().prefix()}a`;
    const { ETag } = await shared().put(Key, 'first');
    await send(new PutObjectCommand({ ...at(Key), Body: 'second', IfMatch: ETag }));
    const failure = await failureOf(send(new PutObjectCommand({ ...at(Key), Body: 'third', IfMatch: ETag })));
    expect(failure).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await shared().text(Key)).toBe('second');
  });

  check('a wrong checksum is refused and nothing is stored', async () => {
    const Key = `${shared().prefix()}a`;
    const failure = await failureOf(
      send(new PutObjectCommand({ ...at(Key), Body: 'text', ChecksumCRC32: 'AAAAAA==' })),
    );
    expect(failure.status).toBe(400);
    expect((await failureOf(send(new HeadObjectCommand(at(Key))))).status).toBe(404);
  });

  check('a wrong Content-MD5 is BadDigest', async () => {
    const ContentMD5 = createHash('md5').update('other').digest('base64');
    const put = { ...at(`${shared().prefix()}a`), Body: 'text', ContentMD5 };
    expect(await failureOf(send(new PutObjectCommand(put)))).toEqual({ name: 'BadDigest', status: 400 });
  });

  check('a checksum of each kind is kept and returned when asked for', async () => {
    const algorithms: ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'];
    for (const algorithm of algorithms) {
      const Key = `${shared().prefix()}${algorithm}`;
      const stored = await send(new PutObjectCommand({ ...at(Key), Body: 'checked', ChecksumAlgorithm: algorithm }));
      const read = await send(new GetObjectCommand({ ...at(Key), ChecksumMode: 'ENABLED' }));
      expect(read[`Checksum${algorithm}` as 'ChecksumCRC32']).toBeDefined();
      expect(read[`Checksum${algorithm}` as 'ChecksumCRC32']).toBe(stored[`Checksum${algorithm}` as 'ChecksumCRC32']);
      expect(await read.Body?.transformToString()).toBe('checked');
    }
  });

  check('a range returns just these bytes', async () => {
    const Key = `${shared().prefix()}range`;
    await shared().put(Key, '0123456789');
    const part = async (Range: string) => {
      const { Body, ContentRange } = await send(new GetObjectCommand({ ...at(Key), Range }));
      return [await Body?.transformToString(), ContentRange];
    };
    expect(await part('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await part('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=-3')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=8-99')).toEqual(['89', 'bytes 8-9/10']);
  });

  check('a range beyond the end is InvalidRange', async () => {
    const Key = `${shared().prefix()}range`;
    await shared().put(Key, '0123456789');
    const failure = await failureOf(send(new GetObjectCommand({ ...at(Key), Range: 'bytes=10-20' })));
    expect(failure).toEqual({ name: 'InvalidRange', status: 416 });
  });

  check('odd keys are kept apart and read back', async () => {
    const prefix = shared().prefix();
    const odd = [
      'with space',
      'a+b',
      'ünïcödé/日本',
      'double//slash',
      'slash/',
      '../up',
      './here',
      'CASE',
      'case',
      '%41',
      'a&b<c>',
      '?q=1#x',
    ];
    for (const key of odd) await shared().put(prefix + key, `content of ${key}`);
    for (const key of odd) expect(await shared().text(prefix + key)).toBe(`content of ${key}`);
    await shared().put(prefix + 'long/'.repeat(190), 'long');
    expect(await shared().text(prefix + 'long/'.repeat(190))).toBe('long');
  });

  check('CopyObject copies content and metadata, or replaces the metadata', async () => {
    const prefix = shared().prefix();
    const source = `${prefix}a source+1`;
    await send(
      new PutObjectCommand({ ...at(source), Body: 'copied', ContentType: 'text/plain', Metadata: { a: '1' } }),
    );
    const CopySource = `${shared().name}/${encodeURIComponent(source)}`;
    await send(new CopyObjectCommand({ ...at(`${prefix}plain`), CopySource }));
    const plain = await send(new GetObjectCommand(at(`${prefix}plain`)));
    expect(plain).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    expect(await plain.Body?.transformToString()).toBe('copied');
    const replaced = { MetadataDirective: 'REPLACE' as const, Metadata: { b: '2' } };
    await send(new CopyObjectCommand({ ...at(`${prefix}replaced`), CopySource, ...replaced }));
    expect((await send(new HeadObjectCommand(at(`${prefix}replaced`)))).Metadata).toEqual({ b: '2' });
    const missing = { ...at(`${prefix}x`), CopySource: `${shared().name}/${prefix}missing` };
    expect((await failureOf(send(new CopyObjectCommand(missing)))).name).toBe('NoSuchKey');
  });

  check('DeleteObject is no error for what is not there', async () => {
    const Key = `${shared().prefix()}a`;
    await shared().put(Key, 'x');
    await send(new DeleteObjectCommand(at(Key)));
    await send(new DeleteObjectCommand(at(Key)));
    expect((await failureOf(send(new HeadObjectCommand(at(Key))))).status).toBe(404);
  });

  check('DeleteObjects removes many at once', async () => {
    const prefix = shared().prefix();
    const keys = ['a', 'b & <c>', 'ü'].map((key) => prefix + key);
    for (const key of keys) await shared().put(key, 'x');
    const Delete = { Objects: [...keys, `${prefix}missing`].map((Key) => ({ Key })) };
    const { Deleted, Errors } = await send(new DeleteObjectsCommand({ Bucket: shared().name, Delete }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(keys));
    expect(Errors ?? []).toEqual([]);
    for (const key of keys) expect((await failureOf(send(new HeadObjectCommand(at(key))))).status).toBe(404);
  });

  check('object tags are kept', async () => {
    const Key = `${shared().prefix()}tagged`;
    await send(new PutObjectCommand({ ...at(Key), Body: 'x', Tagging: 'run=r%201' }));
    expect((await send(new GetObjectTaggingCommand(at(Key)))).TagSet).toEqual([{ Key: 'run', Value: 'r 1' }]);
    const TagSet = [{ Key: 'team', Value: 'data' }];
    await send(new PutObjectTaggingCommand({ ...at(Key), Tagging: { TagSet } }));
    expect((await send(new GetObjectTaggingCommand(at(Key)))).TagSet).toEqual(TagSet);
    expect(await shared().text(Key)).toBe('x');
  });

  check('a presigned URL reads an object', async () => {
    const Key = `${shared().prefix()}signed`;
    await shared().put(Key, 'for a browser');
    const signature = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=0';
    const scope = 'X-Amz-Credential=contract%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z';
    const response = await fetch(`${shared().endpoint}/${shared().name}/${Key}?${signature}&${scope}`);
    expect(await response.text()).toBe('for a browser');
  });
}
