import type { FlowSummary } from '../../core/flow-catalogue.ts';
import { compareVersions, latestVersion } from '../../core/version-order.ts';
import type { FlowDefinition } from '../../templates/flow-definition.ts';
import type { CliContext } from '../cli-context.ts';
import { connect } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { EXIT } from '../exit-codes.ts';
import { tableText } from '../print-table.ts';
import { dayAndClockText } from '../print-time.ts';
import type { Style } from '../terminal.ts';
import { openCatalogue } from './open-catalogue.ts';
import { writtenFlows } from './written-flows.ts';

export interface ListFlowsFlags extends ConnectionFlags {
  readonly flow?: string | undefined;
  readonly all: boolean;
  readonly output: string;
}

/** A version of a flow, wherever it comes from. */
export interface ListedFlow {
  readonly flow: string;
  readonly version: string;
  /** Whether a request that names no version means it. */
  readonly latest: boolean;
  readonly description?: string;
  readonly source: 'yaml' | 'published';
  /** The YAML file. */
  readonly file?: string;
  readonly artifactS3Uri?: string;
  readonly sha256?: string;
  /** Epoch milliseconds. */
  readonly publishedAt?: number;
}

/** Prints the catalogue: flows of YAML files and published ones, each in the version that `latest` means, or in all. */
export async function listFlows(flags: ListFlowsFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  const connection = await connect(flags, context);
  const [published, written] = await Promise.all([
    openCatalogue(connection).then((catalogue) => catalogue.list(flags.flow)),
    writtenFlows(flags, connection, context),
  ]);
  const listed = mergeFlows(written, published).filter(
    ({ flow, latest }) =>
      (flags.flow === undefined || flow === flags.flow) && (flags.all || flags.flow !== undefined || latest),
  );
  if (flags.output === 'json') terminal.data(JSON.stringify(listed.map(recordOf), null, 2));
  else if (listed.length > 0) terminal.data(flowsText(listed, terminal.dataStyle));
  else terminal.say(flags.flow === undefined ? 'no flows' : `there is no flow "${flags.flow}"`);
  return flags.flow !== undefined && listed.length === 0 ? EXIT.notFound : EXIT.ok;
}

/** One catalogue of both, by name, then by version, the highest first; YAML wins by name and version, and says what `latest` is. */
export function mergeFlows(
  written: readonly FlowDefinition[],
  published: readonly FlowSummary[],
): readonly ListedFlow[] {
  const inYaml = new Map(written.map((flow) => [flow.flow, flow.version]));
  const versions = groupVersions(published);
  const fromYaml = written.map(
    ({ flow, version, description, file }): ListedFlow => ({
      flow,
      version,
      latest: true,
      ...(description === undefined ? {} : { description }),
      source: 'yaml',
      file,
    }),
  );
  const others = published
    .filter(({ flow, version }) => inYaml.get(flow) !== version)
    .map(
      (summary): ListedFlow => ({
        flow: summary.flow,
        version: summary.version,
        latest: !inYaml.has(summary.flow) && latestVersion(versions.get(summary.flow) ?? []) === summary.version,
        ...(summary.description === undefined ? {} : { description: summary.description }),
        source: 'published',
        artifactS3Uri: summary.artifactS3Uri,
        sha256: summary.sha256,
        publishedAt: summary.publishedAt,
      }),
    );
  return [...fromYaml, ...others].sort(byNameAndVersion);
}

function groupVersions(published: readonly FlowSummary[]): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const { flow, version } of published) versions.set(flow, [...(versions.get(flow) ?? []), version]);
  return versions;
}

function byNameAndVersion(a: ListedFlow, b: ListedFlow): number {
  if (a.flow !== b.flow) return a.flow < b.flow ? -1 : 1;
  return compareVersions(b.version, a.version);
}

function recordOf({ publishedAt, ...flow }: ListedFlow): Record<string, unknown> {
  return { ...flow, ...(publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt).toISOString() }) };
}

function flowsText(flows: readonly ListedFlow[], style: Style): string {
  const titles = ['FLOW', 'VERSION', 'FROM', 'DESCRIPTION'].map((title) => style('dim', title));
  const rows = flows.map(({ flow, version, latest, publishedAt, file, description = '' }) => [
    flow,
    latest ? version : style('dim', version),
    publishedAt === undefined ? (file ?? '') : `published ${dayAndClockText(publishedAt)}`,
    description,
  ]);
  return tableText([titles, ...rows]);
}
