import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatFault } from '../../core/fault.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { usageError } from '../user-error.ts';
import { type OpenedArtifact, openArtifact } from './open-artifact.ts';

export interface BuildFlowFlags {
  readonly file: string;
  readonly out?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly json: boolean;
}

/** Builds a flow into an artifact on disk. */
export async function buildFlow(
  { file, out, include = [], json }: BuildFlowFlags,
  context: CliContext,
): Promise<number> {
  if (file.endsWith('.zip')) throw usageError(`${file} is built already`, `slipway flows publish ${file}`);
  const { terminal, cwd } = context;
  const artifact = await openArtifact(
    resolve(cwd, file),
    include.map((path) => resolve(cwd, path)),
  );
  tellWarnings(artifact, context);
  const path = resolve(cwd, out ?? `${artifact.spec.flow}-${artifact.spec.version}.zip`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, artifact.bytes);
  const { flow, version } = artifact.spec;
  const { sha256, bytes } = artifact;
  if (json) terminal.data(JSON.stringify({ flow, version, path, sha256, bytes: bytes.length }, null, 2));
  else terminal.data(path);
  terminal.say(
    `${terminal.style('green', '✔')} built ${flow} ${version}  ${stepsText(artifact)}  ${sizeText(bytes.length)}  sha256 ${sha256.slice(0, 12)}`,
  );
  if (!json) terminal.say(`  next: slipway flows publish ${out ?? path}`);
  return EXIT.ok;
}

/** Says what can be built, but is probably not meant. */
export function tellWarnings({ warnings }: OpenedArtifact, { terminal }: CliContext): void {
  for (const warning of warnings) terminal.say(`${terminal.style('yellow', 'warning:')} ${formatFault(warning)}`);
}

export function stepsText({ spec }: Pick<OpenedArtifact, 'spec'>): string {
  return `${spec.steps.length} step${spec.steps.length === 1 ? '' : 's'}`;
}

/** `512 B`, `12.3 KB`, `4.5 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
