import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { ContractCase, SharedBucket } from './s3-fixture.ts';

export function describeListings(check: ContractCase, shared: () => SharedBucket): void {
  const filled = async (...keys: readonly string[]) => {
    const prefix = shared().prefix();
    for (const key of keys) await shared().put(prefix + key, key);
    return prefix;
  };

  /** Keys and common prefixes of all pages, without the case's own prefix. */
  const listed = async (prefix: string, input: Omit<ListObjectsV2CommandInput, 'Bucket'>) => {
    const pages: (string | undefined)[][] = [];
    let token: string | undefined;
    do {
      const page = await shared().client.send(
        new ListObjectsV2Command({ Bucket: shared().name, Prefix: prefix, ...input, ContinuationToken: token }),
      );
      const entries = [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map((p) => p.Prefix),
      ];
      pages.push(entries.map((entry) => entry?.slice(prefix.length)));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return pages;
  };

  check('ListObjectsV2 lists in the order of bytes, page by page', async () => {
    const prefix = await filled('b', 'a', 'B', 'a/1', 'é', 'z');
    expect(await listed(prefix, { MaxKeys: 4 })).toEqual([
      ['B', 'a', 'a/1', 'b'],
      ['z', 'é'],
    ]);
  });

  check('ListObjectsV2 gathers common prefixes, also across pages', async () => {
    const prefix = await filled('a', 'dir1/x', 'dir1/y', 'dir2/x', 'z');
    expect(await listed(prefix, { Delimiter: '/' })).toEqual([['a', 'z', 'dir1/', 'dir2/']]);
    expect(await listed(prefix, { Delimiter: '/', MaxKeys: 2 })).toEqual([
      ['a', 'dir1/'],
      ['z', 'dir2/'],
    ]);
    expect(await listed(`${prefix}dir1/`, { Delimiter: '/' })).toEqual([['x', 'y']]);
  });

  check('ListObjectsV2 begins after a key', async () => {
    const prefix = await filled('a', 'b', 'c');
    expect(await listed(prefix, { StartAfter: `${prefix}a` })).toEqual([['b', 'c']]);
  });

  check('ListObjectsV2 tells size, ETag and time', async () => {
    const prefix = await filled('four');
    const { Contents, KeyCount } = await shared().client.send(
      new ListObjectsV2Command({ Bucket: shared().name, Prefix: prefix }),
    );
    expect(KeyCount).toBe(1);
    expect(Contents?.[0]).toMatchObject({
      Size: 4,
      StorageClass: 'STANDARD',
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
    expect(Contents?.[0]?.LastModified?.getTime()).toBeGreaterThan(Date.now() - 600_000);
  });

  check('ListObjectsV2 writes keys for URLs when asked', async () => {
    const prefix = await filled('a b', 'ü+');
    const { Contents } = await shared().client.send(
      new ListObjectsV2Command({ Bucket: shared().name, Prefix: prefix, EncodingType: 'url' }),
    );
    const decoded = Contents?.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')).slice(prefix.length));
    expect(decoded).toEqual(['a b', 'ü+']);
    expect(Contents?.[1]?.Key).toContain('%C3%BC%2B');
  });

  check('ListObjects goes on by marker', async () => {
    const prefix = await filled('a/1', 'b', 'c');
    const page = (Marker?: string) =>
      shared().client.send(
        new ListObjectsCommand({ Bucket: shared().name, Prefix: prefix, Delimiter: '/', MaxKeys: 1, Marker }),
      );
    const first = await page();
    expect(first.CommonPrefixes?.map((common) => common.Prefix)).toEqual([`${prefix}a/`]);
    expect(first.IsTruncated).toBe(true);
    const second = await page(first.NextMarker);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual([`${prefix}b`]);
  });
}
