import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type ContractCase, failureOf, type SharedBucket } from './s3-fixture.ts';

const MIB = 1024 * 1024;

export function describeMultipart(check: ContractCase, shared: () => SharedBucket): void {
  const send: SharedBucket['client']['send'] = (command: never) => shared().client.send(command);

  const begin = async () => {
    const at = { Bucket: shared().name, Key: `${shared().prefix()}big` };
    const { UploadId } = await send(
      new CreateMultipartUploadCommand({ ...at, ContentType: 'application/zip', ChecksumAlgorithm: 'CRC32' }),
    );
    return { ...at, UploadId };
  };
  type Upload = Awaited<ReturnType<typeof begin>>;
  const upload = async (to: Upload, PartNumber: number, Body: Uint8Array) => {
    const { ETag, ChecksumCRC32 } = await send(new UploadPartCommand({ ...to, PartNumber, Body }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const complete = (of: Upload, Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    send(new CompleteMultipartUploadCommand({ ...of, MultipartUpload: { Parts } }));

  check('a multipart upload of 11 MB becomes one object', async () => {
    const to = await begin();
    const content = randomBytes(11 * MIB);
    const bounds = [0, 5 * MIB, 10 * MIB, content.length];
    const parts = [];
    for (const number of [1, 2, 3]) {
      parts.push(await upload(to, number, content.subarray(bounds[number - 1], bounds[number])));
    }
    expect((await failureOf(send(new HeadObjectCommand({ Bucket: to.Bucket, Key: to.Key })))).status).toBe(404);
    const { ETag } = await complete(to, parts);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const { Body, ContentType } = await send(new GetObjectCommand({ Bucket: to.Bucket, Key: to.Key }));
    expect(ContentType).toBe('application/zip');
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
  });

  check('a finished upload takes no more parts', async () => {
    const to = await begin();
    await complete(to, [await upload(to, 1, Buffer.from('one'))]);
    expect((await failureOf(upload(to, 2, Buffer.from('two')))).name).toBe('NoSuchUpload');
  });

  check('a part that was not uploaded is InvalidPart', async () => {
    const to = await begin();
    const part = await upload(to, 1, Buffer.from('one'));
    const failure = await failureOf(complete(to, [{ ...part, ETag: '"0123456789abcdef0123456789abcdef"' }]));
    expect(failure).toEqual({ name: 'InvalidPart', status: 400 });
  });

  check('parts out of order are InvalidPartOrder', async () => {
    const to = await begin();
    const [one, two] = [await upload(to, 1, Buffer.alloc(5 * MIB)), await upload(to, 2, Buffer.alloc(5 * MIB))];
    expect((await failureOf(complete(to, [two, one]))).name).toBe('InvalidPartOrder');
  });

  check('a small part before the last is EntityTooSmall', async () => {
    const to = await begin();
    const [one, two] = [await upload(to, 1, Buffer.from('small')), await upload(to, 2, Buffer.from('last'))];
    expect((await failureOf(complete(to, [one, two]))).name).toBe('EntityTooSmall');
  });

  check('uploads under way and their parts are listed, and gone when aborted', async () => {
    const to = await begin();
    await upload(to, 1, Buffer.from('one'));
    await upload(to, 3, Buffer.from('three'));
    const { Parts } = await send(new ListPartsCommand(to));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 3],
      [3, 5],
    ]);
    const underWay = async () => {
      const { Uploads } = await send(new ListMultipartUploadsCommand({ Bucket: to.Bucket, Prefix: to.Key }));
      return Uploads?.map(({ UploadId }) => UploadId) ?? [];
    };
    expect(await underWay()).toEqual([to.UploadId]);
    await send(new AbortMultipartUploadCommand(to));
    expect(await underWay()).toEqual([]);
    expect((await failureOf(send(new ListPartsCommand(to)))).name).toBe('NoSuchUpload');
  });

  check('a part is copied from a range of an object', async () => {
    const to = await begin();
    const source = `${shared().prefix()}source`;
    await shared().put(source, '0123456789');
    const CopySource = `${shared().name}/${source}`;
    const copy = { ...to, PartNumber: 1, CopySource, CopySourceRange: 'bytes=2-5' };
    const { CopyPartResult } = await send(new UploadPartCopyCommand(copy));
    await complete(to, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect(await shared().text(to.Key)).toBe('2345');
  });
}
