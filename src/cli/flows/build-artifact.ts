import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { deterministicZip, type ZipEntry } from '../../agent/deterministic-zip.ts';
import type { Fault } from '../../core/fault.ts';
import type { ArtifactMetadata, FlowSpec } from '../../core/flow-spec.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { packageVersion } from '../package-version.ts';
import { BUNDLE_NAME, bundleFlow } from './bundle-flow.ts';
import { describeFlow } from './describe-flow.ts';
import { includedFiles } from './included-files.ts';
import { specFaults } from './spec-faults.ts';

/** A flow as one file for S3. */
export interface BuiltArtifact {
  readonly bytes: Uint8Array;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly spec: FlowSpec;
  /** `flow_spec.json`. */
  readonly specText: string;
  readonly metadata: ArtifactMetadata;
  readonly warnings: readonly Fault[];
}

/** What a worker takes (`UNZIP_LIMITS`), with room for what is inside to be unpacked. */
const MAX_BYTES = 250 * 1024 ** 2;

/**
 * Bundles a flow's module and packs it with its graph and with the files to include. Equal sources give equal bytes with the
 * same versions of Slipway, Node and esbuild, which the artifact names.
 */
export async function buildArtifact(
  file: string,
  include: readonly string[] = [],
): Promise<Result<BuiltArtifact, readonly Fault[]>> {
  const isFile = await stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (!isFile)
    return err([
      { place: { file }, message: 'is no file', hint: "give the flow's module, a .ts, .mts, .mjs or .js file" },
    ]);
  const [bundle, included] = await Promise.all([bundleFlow(file), includedFiles(file, include)]);
  if (!bundle.ok || !included.ok)
    return err([...(bundle.ok ? [] : bundle.error), ...(included.ok ? [] : included.error)]);
  const { code, sourceMap, warnings } = bundle.value;
  const files = [
    { name: BUNDLE_NAME, bytes: code },
    { name: `${BUNDLE_NAME}.map`, bytes: sourceMap },
    ...included.value,
  ];
  const described = await describeIn(files);
  if (!described.ok)
    return err([{ place: { file }, message: described.error, hint: 'docs/flows.md shows a flow that can be built' }]);
  const faults = specFaults(described.value.spec, described.value.text, resolve(file));
  if (faults.length > 0) return err(faults);
  const packed = await pack(described.value.spec, [
    ...files,
    { name: 'flow_spec.json', bytes: Buffer.from(described.value.text) },
  ]);
  if (packed.bytes.length > MAX_BYTES) return err([tooLarge(file)]);
  return ok({ ...packed, spec: described.value.spec, specText: described.value.text, warnings });
}

/** The module is imported as it will be in the worker: from an empty folder that holds only what is packed. */
async function describeIn(files: readonly ZipEntry[]): ReturnType<typeof describeFlow> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-build-'));
  try {
    for (const { name, bytes } of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    return await describeFlow(join(folder, BUNDLE_NAME));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pack(
  { flow, version }: FlowSpec,
  files: readonly ZipEntry[],
): Promise<Pick<BuiltArtifact, 'bytes' | 'sha256' | 'metadata'>> {
  const { version: esbuild } = await import('esbuild');
  const hashes = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, bytes }) => [name, { sha256: sha256Of(bytes), bytes: bytes.length }]);
  const metadata: ArtifactMetadata = {
    formatVersion: 1,
    flow,
    version,
    entry: BUNDLE_NAME,
    builtWith: { slipway: packageVersion(), node: process.versions.node, esbuild },
    files: Object.fromEntries(hashes),
  };
  const text = `${JSON.stringify(metadata, null, 2)}\n`;
  const bytes = await deterministicZip([...files, { name: 'metadata.json', bytes: Buffer.from(text) }]);
  return { bytes, sha256: sha256Of(bytes), metadata };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function tooLarge(file: string): Fault {
  return {
    place: { file },
    message: `the artifact is larger than ${MAX_BYTES / 1024 ** 2} MiB`,
    hint: 'put large files into S3 or into the image, and let the flow read them there',
  };
}
