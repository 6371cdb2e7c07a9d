import { readFile } from 'node:fs/promises';
import type { Fault } from '../../core/fault.ts';
import type { ArtifactMetadata, FlowSpec } from '../../core/flow-spec.ts';
import { EXIT } from '../exit-codes.ts';
import { FaultsError, usageError } from '../user-error.ts';
import { buildArtifact } from './build-artifact.ts';
import { readArtifact } from './read-artifact.ts';

export interface OpenedArtifact {
  readonly bytes: Uint8Array;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly spec: FlowSpec;
  /** `flow_spec.json`. */
  readonly specText: string;
  readonly metadata: ArtifactMetadata;
  /** What can be built, but is probably not meant. */
  readonly warnings: readonly Fault[];
}

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Whether a word of the command line is a file of a flow, not a flow's name. */
export function isFlowFile(ref: string): boolean {
  return ref.endsWith('.zip') || SOURCE.test(ref);
}

/** An artifact that was built before, or one that is built now from a flow's module. Throws what is wrong with it. */
export async function openArtifact(file: string, include: readonly string[] = []): Promise<OpenedArtifact> {
  if (!file.endsWith('.zip')) return builtNow(file, include);
  if (include.length > 0)
    throw usageError('--include is for building; this artifact is built already', 'slipway flows build --help');
  const bytes = await bytesOf(file);
  const read = await readArtifact(bytes);
  if (!read.ok)
    throw faultsError(file, [{ place: { file }, message: read.error, hint: 'slipway flows build <file> makes one' }]);
  return { ...read.value, bytes, warnings: [] };
}

async function builtNow(file: string, include: readonly string[]): Promise<OpenedArtifact> {
  const built = await buildArtifact(file, include);
  if (built.ok) return built.value;
  throw faultsError(file, built.error);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw faultsError(file, [{ place: { file }, message: `cannot be read: ${why}` }]);
  }
}

function faultsError(file: string, faults: readonly Fault[]): FaultsError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new FaultsError(`${count} in ${file}`, faults, { exitCode: EXIT.config });
}
