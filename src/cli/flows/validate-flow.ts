import { resolve } from 'node:path';
import { type Fault, formatPlace } from '../../core/fault.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { FaultsError } from '../user-error.ts';
import { sizeText, stepsText, tellWarnings } from './build-flow.ts';
import { checkRecord, readSettings } from './flow-settings.ts';
import { type OpenedArtifact, openArtifact } from './open-artifact.ts';

export interface ValidateFlowFlags {
  readonly file: string;
  readonly include?: readonly string[] | undefined;
  readonly settings?: string | undefined;
  readonly output: string;
}

/** Checks a flow as `publish` would, without asking AWS: that it can be built, its graph, its parameters, how it is to be run. */
export async function validateFlow(flags: ValidateFlowFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  try {
    const artifact = await check(flags, context);
    if (flags.output === 'json') {
      const { flow, version } = artifact.spec;
      terminal.data(JSON.stringify({ valid: true, flow, version, sha256: artifact.sha256, faults: [] }, null, 2));
      return EXIT.ok;
    }
    tellWarnings(artifact, context);
    const { flow, version } = artifact.spec;
    const size = sizeText(artifact.bytes.length);
    terminal.data(`${terminal.dataStyle('green', '✔')} valid: ${flow} ${version}, ${stepsText(artifact)}, ${size}`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof FaultsError) || flags.output !== 'json') throw error;
    terminal.data(JSON.stringify({ valid: false, faults: error.faults.map(faultRecord) }, null, 2));
    return error.exitCode;
  }
}

async function check(
  { file, include = [], settings }: ValidateFlowFlags,
  { cwd, clock }: CliContext,
): Promise<OpenedArtifact> {
  const artifact = await openArtifact(
    resolve(cwd, file),
    include.map((path) => resolve(cwd, path)),
  );
  const { spec, specText, sha256, bytes } = artifact;
  checkRecord({
    flow: spec.flow,
    version: spec.version,
    artifactS3Uri: 's3://bucket/flow.zip',
    sha256,
    bytes: bytes.length,
    publishedAt: clock.now(),
    spec: specText,
    settings: await readSettings(settings === undefined ? undefined : resolve(cwd, settings)),
  });
  return artifact;
}

function faultRecord({ place, message, hint }: Fault): Record<string, unknown> {
  return { ...(place === undefined ? {} : { at: formatPlace(place), ...place }), message, ...(hint ? { hint } : {}) };
}
