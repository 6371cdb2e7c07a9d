import { randomBytes } from 'node:crypto';
import type { Checksum } from './checked-payload.ts';
import type { ChecksumAlgorithm } from './checksum-algorithms.ts';
import { s3Error } from './s3-error.ts';
import type { Vault } from './vault.ts';

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: Checksum['type'] | undefined;
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly checksum: Checksum;
}

interface Entry {
  readonly upload: Upload;
  readonly parts: Map<number, Part>;
}

const LENGTH_BYTES = 4;

/** The multipart uploads under way: a folder each, with a file for the upload and one per part. */
export class MultipartUploads {
  readonly #vault: Vault;
  readonly #entries = new Map<string, Entry>();

  constructor(vault: Vault) {
    this.#vault = vault;
    for (const id of vault.list('uploads')) {
      if (!this.#open(id)) vault.removeFolder(`uploads/${id}`);
    }
  }

  start(upload: Omit<Upload, 'id'>): Upload {
    const started: Upload = { ...upload, id: randomBytes(24).toString('base64url') };
    this.#vault.write(`uploads/${started.id}/${UPLOAD_FILE}`, [Buffer.from(JSON.stringify(started))]);
    this.#entries.set(started.id, { upload: started, parts: new Map() });
    return started;
  }

  /** The upload of this bucket and key, or `NoSuchUpload`. */
  require(id: string | null, bucket: string | undefined, key: string | undefined): Upload {
    const upload = id === null ? undefined : this.#entries.get(id)?.upload;
    if (upload && upload.bucket === bucket && upload.key === key) return upload;
    throw s3Error('NoSuchUpload', { UploadId: id ?? undefined });
  }

  /** Those of a bucket, by key and then by their start. */
  of(bucket: string): readonly Upload[] {
    const uploads = [...this.#entries.values()]
      .map(({ upload }) => upload)
      .filter((upload) => upload.bucket === bucket);
    return uploads.sort((a, b) => (a.key === b.key ? a.startedAt - b.startedAt : a.key < b.key ? -1 : 1));
  }

  /** Keeps a part, in the place of an earlier one with its number. */
  putPart({ id }: Upload, part: Part, content: Buffer): void {
    const head = Buffer.from(JSON.stringify(part));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(head.length);
    this.#vault.write(`uploads/${id}/${part.number}`, [length, head, content]);
    this.#entries.get(id)?.parts.set(part.number, part);
  }

  /** The parts of an upload by their numbers. */
  parts({ id }: Upload): readonly Part[] {
    return [...(this.#entries.get(id)?.parts.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  content({ id }: Upload, number: number): Buffer {
    return this.#readPart(id, String(number)).content;
  }

  /** Forgets an upload and its parts. The upload's file goes first: without it, the rest is swept at the next start. */
  end({ id }: Upload): void {
    this.#entries.delete(id);
    this.#vault.remove(`uploads/${id}/${UPLOAD_FILE}`);
    this.#vault.removeFolder(`uploads/${id}`);
  }

  #open(id: string): boolean {
    const files = this.#vault.list(`uploads/${id}`);
    if (!files.includes(UPLOAD_FILE)) return false;
    const upload: Upload = JSON.parse(this.#vault.read(`uploads/${id}/${UPLOAD_FILE}`).toString('utf8'));
    const parts = files.filter((file) => file !== UPLOAD_FILE).map((file) => this.#readPart(id, file).part);
    this.#entries.set(id, { upload, parts: new Map(parts.map((part) => [part.number, part])) });
    return true;
  }

  #readPart(id: string, file: string): { readonly part: Part; readonly content: Buffer } {
    const bytes = this.#vault.read(`uploads/${id}/${file}`);
    const contentAt = LENGTH_BYTES + bytes.readUInt32BE();
    const part: Part = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, contentAt));
    return { part, content: bytes.subarray(contentAt) };
  }
}

const UPLOAD_FILE = 'upload.json';
