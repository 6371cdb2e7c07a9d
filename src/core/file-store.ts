/** Files by `s3://` address. */
export interface FileStore {
  /** Writes the whole object; with `ifAbsent`, one that is there already is kept. */
  put(uri: string, body: string | Uint8Array, options?: { contentType?: string; ifAbsent?: boolean }): Promise<void>;
  /** The object's bytes, or undefined if there is none. */
  get(uri: string): Promise<Uint8Array | undefined>;
}
