import { createHash } from 'node:crypto';
import { s3Error } from './s3-error.ts';
import { type ObjectRecord, readRecord, recordBytes } from './stored-object.ts';
import type { Vault } from './vault.ts';

/** What is kept of a bucket besides its objects. */
export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Documents of settings as they were put, by the word of their query. */
  readonly settings: Readonly<Record<string, string>>;
}

interface Entry {
  readonly record: ObjectRecord;
  readonly contentAt: number;
}

/**
 * One bucket: a file per object in the vault, and the records of all objects in memory. An object's file is named by
 * the hash of its key, so that no key can leave the folder, be too long for it, or meet another one that differs in
 * letter case only.
 */
export class Bucket {
  readonly #vault: Vault;
  readonly #objects = new Map<string, Entry>();
  #record: BucketRecord;
  #sortedKeys: readonly string[] | undefined;

  private constructor(vault: Vault, record: BucketRecord) {
    this.#vault = vault;
    this.#record = record;
  }

  static create(vault: Vault, record: BucketRecord): Bucket {
    const bucket = new Bucket(vault, record);
    bucket.#save();
    return bucket;
  }

  /** Reads a bucket back; undefined if it has no record, because its making or its removal was cut short. */
  static open(vault: Vault, name: string): Bucket | undefined {
    if (!vault.list(folderOf(name)).includes(RECORD_FILE)) return undefined;
    const record: BucketRecord = JSON.parse(vault.read(`${folderOf(name)}/${RECORD_FILE}`).toString('utf8'));
    const bucket = new Bucket(vault, record);
    for (const shard of vault.list(bucket.#objectsFolder)) {
      for (const file of vault.list(`${bucket.#objectsFolder}/${shard}`)) {
        const entry = readRecord((start, end) => vault.read(`${bucket.#objectsFolder}/${shard}/${file}`, start, end));
        bucket.#objects.set(entry.record.key, entry);
      }
    }
    return bucket;
  }

  get record(): BucketRecord {
    return this.#record;
  }

  get folder(): string {
    return folderOf(this.#record.name);
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** Keys in the order of their UTF-8 bytes, which is the order of a listing. */
  get keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#objects.keys()].sort(byBytes);
    return this.#sortedKeys;
  }

  /** Keeps a setting's document, or forgets it. */
  setSetting(name: string, document: string | undefined): void {
    const { [name]: _before, ...others } = this.#record.settings;
    this.#record = { ...this.#record, settings: document === undefined ? others : { ...others, [name]: document } };
    this.#save();
  }

  find(key: string): ObjectRecord | undefined {
    return this.#objects.get(key)?.record;
  }

  /** The record of an object, or `NoSuchKey`. */
  require(key: string): ObjectRecord {
    const record = this.find(key);
    if (record) return record;
    throw s3Error('NoSuchKey', { Key: key });
  }

  /** The bytes of an object from `start` up to `end` (exclusive). */
  content(key: string, start = 0, end = this.require(key).size): Buffer {
    const { contentAt = 0 } = this.#objects.get(key) ?? {};
    return this.#vault.read(this.#fileOf(key), contentAt + start, contentAt + end);
  }

  put(record: ObjectRecord, content: readonly Buffer[]): void {
    const head = recordBytes(record);
    this.#vault.write(this.#fileOf(record.key), [head, ...content]);
    if (!this.#objects.has(record.key)) this.#sortedKeys = undefined;
    this.#objects.set(record.key, { record, contentAt: head.length });
  }

  delete(key: string): void {
    if (!this.#objects.delete(key)) return;
    this.#vault.remove(this.#fileOf(key));
    this.#sortedKeys = undefined;
  }

  /** The record goes first: without it, what a kill leaves behind is no bucket any more. */
  destroy(): void {
    this.#vault.remove(`${this.folder}/${RECORD_FILE}`);
    this.#vault.removeFolder(this.folder);
  }

  get #objectsFolder(): string {
    return `${this.folder}/objects`;
  }

  #fileOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return `${this.#objectsFolder}/${name.slice(0, 2)}/${name}`;
  }

  #save(): void {
    this.#vault.write(`${this.folder}/${RECORD_FILE}`, [Buffer.from(JSON.stringify(this.#record))]);
  }
}

/** The order of UTF-8 bytes. JavaScript's order of strings is another for characters beyond U+FFFF. */
export function byBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

/** Halves of characters beyond U+FFFF (surrogates) come last. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const RECORD_FILE = 'bucket.json';

function folderOf(bucket: string): string {
  return `buckets/${bucket}`;
}
