import { describe, expect, it } from 'vitest';
import { fetchAhead } from '../../src/worker/fetch-ahead.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';

const ARTIFACT = 's3://bucket/flow.mjs';
const never = new AbortController().signal;

/** Counts what it is asked for, and fails while `broken`. */
class CountingFiles extends MemoryFileStore {
  readonly asked: string[] = [];
  readonly stops: (AbortSignal | undefined)[] = [];
  broken = false;

  override async get(uri: string, stop?: AbortSignal): Promise<Uint8Array | undefined> {
    this.asked.push(uri);
    this.stops.push(stop);
    if (this.broken) throw new Error('broken');
    return super.get(uri);
  }
}

describe('a file that is fetched ahead', () => {
  it('is asked for before anybody wants it, once', async () => {
    const files = new CountingFiles();
    await files.put(ARTIFACT, 'code');
    const ahead = fetchAhead(files, ARTIFACT, never);
    expect(files.asked).toEqual([ARTIFACT]);
    expect(Buffer.from((await ahead.get(ARTIFACT)) ?? []).toString()).toBe('code');
    expect(files.asked).toEqual([ARTIFACT]);
  });

  it('fails whoever asks for it first, nobody else, and is asked for again after that', async () => {
    const files = new CountingFiles();
    await files.put(ARTIFACT, 'code');
    files.broken = true;
    const ahead = fetchAhead(files, ARTIFACT, never);
    files.broken = false;
    await expect(ahead.get(ARTIFACT)).rejects.toThrow('broken');
    expect(await ahead.get(ARTIFACT)).toBeDefined();
  });

  it('keeps no other file from being asked for', async () => {
    const files = new CountingFiles();
    await files.put('s3://bucket/other', 'other');
    const ahead = fetchAhead(files, ARTIFACT, never);
    expect(Buffer.from((await ahead.get('s3://bucket/other')) ?? []).toString()).toBe('other');
    expect(await ahead.get(ARTIFACT)).toBeUndefined();
  });

  it('is given up when nobody wants it any more', () => {
    const files = new CountingFiles();
    const unwanted = new AbortController();
    fetchAhead(files, ARTIFACT, unwanted.signal);
    unwanted.abort();
    expect(files.stops[0]?.aborted).toBe(true);
  });
});
