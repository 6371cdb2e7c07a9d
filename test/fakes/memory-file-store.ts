import type { FileWithMetadata, ListedFileStore, PutOptions } from '../../src/core/file-store.ts';

export class MemoryFileStore implements ListedFileStore {
  readonly files = new Map<string, Uint8Array>();
  readonly #metadata = new Map<string, Readonly<Record<string, string>>>();
  /** Each write, before it is carried out; a test fails one by throwing. */
  onPut: (uri: string) => void = () => {};

  async put(uri: string, body: string | Uint8Array, { ifAbsent, metadata = {} }: PutOptions = {}): Promise<void> {
    this.onPut(uri);
    if (ifAbsent && this.files.has(uri)) return;
    this.files.set(uri, typeof body === 'string' ? Buffer.from(body) : body);
    this.#metadata.set(uri, metadata);
  }

  async get(uri: string): Promise<Uint8Array | undefined> {
    return this.files.get(uri);
  }

  async getWithMetadata(uri: string): Promise<FileWithMetadata | undefined> {
    const bytes = this.files.get(uri);
    return bytes && { bytes, metadata: this.#metadata.get(uri) ?? {} };
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.files.keys()].filter((uri) => uri.startsWith(prefix)).sort();
  }

  text(uri: string): string | undefined {
    const bytes = this.files.get(uri);
    return bytes && Buffer.from(bytes).toString('utf8');
  }
}
