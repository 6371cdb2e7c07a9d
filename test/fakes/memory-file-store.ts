import type { FileStore } from '../../src/core/file-store.ts';

export class MemoryFileStore implements FileStore {
  readonly files = new Map<string, Uint8Array>();

  async put(uri: string, body: string | Uint8Array, options: { ifAbsent?: boolean } = {}): Promise<void> {
    if (options.ifAbsent && this.files.has(uri)) return;
    this.files.set(uri, typeof body === 'string' ? Buffer.from(body) : body);
  }

  async get(uri: string): Promise<Uint8Array | undefined> {
    return this.files.get(uri);
  }
}
