import type { FlowRecord } from '../../core/flow-catalogue.ts';
import { isJsonMap } from '../../core/json.ts';
import { toJson } from '../../templates/config-node.ts';
import type { FlowDefinition } from '../../templates/flow-definition.ts';
import type { CliContext } from '../cli-context.ts';
import { connect } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { EXIT } from '../exit-codes.ts';
import { tableText } from '../print-table.ts';
import { dayAndClockText } from '../print-time.ts';
import { sizeText } from './build-flow.ts';
import { drawGraph } from './draw-graph.ts';
import { findPublished, specOfRecord } from './find-published.ts';
import { openCatalogue } from './open-catalogue.ts';
import { writtenFlows } from './written-flows.ts';

export interface ShowFlowFlags extends ConnectionFlags {
  readonly flow: string;
  readonly output: string;
}

/** Prints a flow of the catalogue: what it is, its graph if it has one, its parameters, how it is run. */
export async function showFlow(flags: ShowFlowFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  const connection = await connect(flags, context);
  const written = await writtenFlows(flags, connection, context);
  const ofYaml = written.find((flow) => isMeant(flow, flags.flow));
  const shown =
    ofYaml === undefined
      ? publishedView(await findPublished(await openCatalogue(connection), flags.flow, written))
      : writtenView(ofYaml);
  terminal.data(flags.output === 'json' ? JSON.stringify(shown.json, null, 2) : shown.text());
  return EXIT.ok;
}

/** What is printed, for programs and for people. */
interface FlowView {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: () => string;
}

function isMeant({ flow, version }: FlowDefinition, ref: string): boolean {
  return ref === flow || ref === `${flow}@${version}` || ref === `${flow}@latest`;
}

function writtenView({ file, document }: FlowDefinition): FlowView {
  const written = toJson(document);
  const keys = isJsonMap(written) ? written : {};
  const rows = Object.entries(keys).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    json: { source: 'yaml', file, ...keys },
    text: () => tableText([['file', file], ...rows].map((row) => ['', ...row])),
  };
}

function publishedView(record: FlowRecord): FlowView {
  const { publishedAt, ...rest } = record;
  const at = new Date(publishedAt).toISOString();
  return {
    json: { source: 'published', ...rest, publishedAt: at, spec: specOfRecord(record) },
    text: () => flowText(record),
  };
}

function flowText(record: FlowRecord): string {
  const spec = specOfRecord(record);
  const facts = [
    ['flow', `${record.flow}  version ${record.version}`],
    ...(record.description === undefined ? [] : [['description', record.description]]),
    ['published', dayAndClockText(record.publishedAt)],
    ['artifact', record.artifactS3Uri],
    ['size', sizeText(record.bytes)],
    ...(spec.parameters === undefined ? [] : [['parameters', JSON.stringify(spec.parameters)]]),
    ...Object.entries(record.settings).map(([key, value]) => [key, JSON.stringify(value)]),
  ];
  return [tableText(facts.map((row) => ['', ...row])), '', drawGraph(spec, 'text')].join('\n');
}
