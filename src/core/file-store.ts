/** Files by `s3://` address. */
export interface FileStore {
  /** Writes the whole object; with `ifAbsent`, one that is there already is kept. */
  put(uri: string, body: string | Uint8Array, options?: PutOptions): Promise<void>;
  /** The object's bytes, or undefined if there is none. Rejects when `stop` is aborted before they are there. */
  get(uri: string, stop?: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly ifAbsent?: boolean;
  /** A few words about the file, kept beside its bytes; their names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Files that are found again by what begins their address, with what was said about them. */
export interface ListedFileStore extends FileStore {
  getWithMetadata(uri: string): Promise<FileWithMetadata | undefined>;
  /** Addresses of all files that begin with `prefix`. */
  list(prefix: string): Promise<readonly string[]>;
}

export interface FileWithMetadata {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}
