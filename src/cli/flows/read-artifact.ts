import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, type ZipFile } from 'yauzl';
import { type ArtifactMetadata, type FlowSpec, parseArtifactMetadata, parseFlowSpec } from '../../core/flow-spec.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** What an artifact says of itself. */
export interface ReadArtifact {
  readonly spec: FlowSpec;
  readonly specText: string;
  readonly metadata: ArtifactMetadata;
  /** Of the artifact's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Neither file of ours is nearly as large; a zip may say anything. */
const MAX_TEXT_BYTES = 4 * 1024 ** 2;

/** Reads the graph and the metadata of an artifact that `slipway flows build` has made, and holds its files against their hashes. */
export async function readArtifact(bytes: Uint8Array): Promise<Result<ReadArtifact, string>> {
  let files: ReadonlyMap<string, StoredFile>;
  try {
    files = await filesOf(bytes);
  } catch (error) {
    return err(`is no zip that can be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const specText = files.get('flow_spec.json')?.text;
  const metadataText = files.get('metadata.json')?.text;
  if (specText === undefined || metadataText === undefined) return err('has no flow_spec.json or no metadata.json');
  const [spec, metadata] = [parseFlowSpec(specText), parseArtifactMetadata(metadataText)];
  if (!spec.ok) return spec;
  if (!metadata.ok) return metadata;
  const changed = changedFile(metadata.value, files);
  if (changed !== undefined) return err(`has been changed since it was built: ${changed}`);
  return ok({ spec: spec.value, specText, metadata: metadata.value, sha256: sha256Of(bytes) });
}

interface StoredFile {
  readonly sha256: string;
  /** Of the two files that are ours. */
  readonly text?: string;
}

async function filesOf(bytes: Uint8Array): Promise<ReadonlyMap<string, StoredFile>> {
  const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true, strictFileNames: true });
  const files = new Map<string, StoredFile>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    const isText = name === 'flow_spec.json' || name === 'metadata.json';
    if (isText && entry.uncompressedSize > MAX_TEXT_BYTES) throw new Error(`${name} is too large`);
    const content = await contentOf(zip, entry);
    files.set(name, { sha256: sha256Of(content), ...(isText ? { text: content.toString('utf8') } : {}) });
  }
  return files;
}

async function contentOf(zip: ZipFile, entry: Parameters<ZipFile['openReadStreamPromise']>[0]): Promise<Buffer> {
  return buffer(await zip.openReadStreamPromise(entry));
}

/** The first file that is not as the metadata says; every file but the metadata itself is in it. */
function changedFile(
  { files: expected }: ArtifactMetadata,
  files: ReadonlyMap<string, StoredFile>,
): string | undefined {
  const names = new Set([...Object.keys(expected), ...files.keys()]);
  names.delete('metadata.json');
  return [...names].find((name) => expected[name]?.sha256 !== files.get(name)?.sha256);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
