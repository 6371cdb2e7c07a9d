import { resolve } from 'node:path';
import type { FlowRecord, PublishOutcome } from '../../core/flow-catalogue.ts';
import type { CliContext } from '../cli-context.ts';
import { connect } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { EXIT } from '../exit-codes.ts';
import { UserError } from '../user-error.ts';
import { sizeText, stepsText, tellWarnings } from './build-flow.ts';
import { checkRecord, readSettings } from './flow-settings.ts';
import { type OpenedArtifact, openArtifact } from './open-artifact.ts';
import { bucketOf, openCatalogue, openFiles } from './open-catalogue.ts';

export interface PublishFlowFlags extends ConnectionFlags {
  readonly file: string;
  readonly include?: readonly string[] | undefined;
  readonly settings?: string | undefined;
  readonly replace: boolean;
  readonly output: string;
}

/** Puts an artifact into the bucket, then its flow on record: whoever finds the record finds the artifact. */
export async function publishFlow(flags: PublishFlowFlags, context: CliContext): Promise<number> {
  const { cwd, clock, terminal } = context;
  const settings = await readSettings(flags.settings === undefined ? undefined : resolve(cwd, flags.settings));
  const include = (flags.include ?? []).map((path) => resolve(cwd, path));
  const artifact = await openArtifact(resolve(cwd, flags.file), include);
  tellWarnings(artifact, context);
  const connection = await connect(flags, context);
  const record: FlowRecord = { ...recordOf(artifact, bucketOf(connection)), publishedAt: clock.now(), settings };
  checkRecord(record);
  const catalogue = await openCatalogue(connection);
  const files = await openFiles(connection);
  await files.put(record.artifactS3Uri, artifact.bytes, { contentType: 'application/zip', ifAbsent: true });
  const outcome = await catalogue.publish(record, { replace: flags.replace });
  if (outcome.kind === 'taken') throw takenError(record, outcome);
  const { flow, version, artifactS3Uri, sha256, bytes } = record;
  if (flags.output === 'json') {
    const facts = { flow, version, outcome: outcome.kind, artifactS3Uri, sha256, bytes };
    terminal.data(JSON.stringify(facts, null, 2));
    return EXIT.ok;
  }
  const words = outcome.kind === 'unchanged' ? 'is published already, unchanged:' : 'published';
  terminal.say(
    `${terminal.style('green', '✔')} ${words} ${flow} ${version}  ${stepsText(artifact)}  ${sizeText(bytes)}`,
  );
  terminal.data(artifactS3Uri);
  terminal.say(`  next: slipway run ${flow} --watch`);
  return EXIT.ok;
}

function recordOf(
  { spec, specText, sha256, bytes }: OpenedArtifact,
  bucket: string,
): Omit<FlowRecord, 'publishedAt' | 'settings'> {
  const { flow, version, description } = spec;
  return {
    flow,
    version,
    ...(description === undefined ? {} : { description }),
    // By its content, as artifacts of YAML flows: nothing that a run may still fetch is ever written over.
    artifactS3Uri: `${bucket}/artifacts/${flow}/${sha256}/flow.zip`,
    sha256,
    bytes: bytes.length,
    spec: JSON.stringify(JSON.parse(specText)),
  };
}

function takenError({ flow, version }: FlowRecord, { record }: Extract<PublishOutcome, { kind: 'taken' }>): UserError {
  const when = new Date(record.publishedAt).toISOString();
  const message = `${flow} ${version} was published at ${when} with other content (sha256 ${record.sha256.slice(0, 12)})`;
  return new UserError(message, {
    exitCode: EXIT.usage,
    next: 'give the flow another version; --replace changes what this one means for runs to come',
  });
}
