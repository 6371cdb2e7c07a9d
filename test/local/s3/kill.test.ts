import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { startLocalAws } from '../../../src/local/start-local-aws.ts';
import { runUntilKilled } from '../dynamodb/run-until-killed.ts';

const Bucket = 'killed';

/** One version of an object. */
interface Version {
  readonly turn: number;
  readonly md5: string;
}

function acknowledgedIn(lines: readonly string[]): { written: Map<string, Version>; deleted: readonly string[] } {
  const words = lines.map((line) => line.split('\t'));
  const written = words.flatMap(([word, key = '', turn, md5 = '']) =>
    word === 'put' ? [[key, { turn: Number(turn), md5 }] as const] : [],
  );
  const deleted = words.flatMap(([word, key = '']) => (word === 'deleted' ? [key] : []));
  return { written: new Map(written), deleted };
}

/** Every object that is listed, read in full. */
async function readAll(client: S3Client): Promise<Map<string, Version & { readonly ETag: string | undefined }>> {
  const listed = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket })) listed.push(...(page.Contents ?? []));
  const read = listed.map(async ({ Key = '', ETag }) => {
    const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const md5 = createHash('md5')
      .update((await Body?.transformToByteArray()) ?? '')
      .digest('hex');
    return [Key, { turn: Number(Metadata?.turn), md5, ETag }] as const;
  });
  return new Map(await Promise.all(read));
}

/** What was acknowledged is there, or something that was written over it. */
function isThere(acknowledged: Version, found: Version | undefined): boolean {
  if (found === undefined || found.turn < acknowledged.turn) return false;
  return found.turn > acknowledged.turn || found.md5 === acknowledged.md5;
}

describe('S3 of a killed local AWS', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'slipway-killed-'));
  const ends: (() => unknown)[] = [() => rmSync(stateDir, { recursive: true })];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  it('has every acknowledged object whole, and none that was deleted', async () => {
    const writer = new URL('./s3-writer.ts', import.meta.url);
    const { written, deleted } = acknowledgedIn(await runUntilKilled(writer, [stateDir], 1000));

    const aws = await startLocalAws({ stateDir });
    ends.push(() => aws.stop());
    const credentials = { accessKeyId: 'reader', secretAccessKey: 'reader' };
    const client = new S3Client({ endpoint: aws.url, region: 'us-east-1', forcePathStyle: true, credentials });
    ends.push(() => client.destroy());
    const found = await readAll(client);

    expect([...written].filter(([key, version]) => !isThere(version, found.get(key)))).toEqual([]);
    expect([...found].filter(([, { md5, ETag }]) => `"${md5}"` !== ETag)).toEqual([]);
    expect(deleted.filter((key) => found.has(key))).toEqual([]);
    expect(readdirSync(join(stateDir, 's3', 'drafts'))).toEqual([]);
  });
});
