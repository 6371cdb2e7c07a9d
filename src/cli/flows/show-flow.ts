import type { FlowRecord } from '../../core/flow-catalogue.ts';
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

export interface ShowFlowFlags extends ConnectionFlags {
  readonly flow: string;
  readonly output: string;
}

/** Prints the record of a published flow: what it is, its graph, its parameters, how it is run. */
export async function showFlow(flags: ShowFlowFlags, context: CliContext): Promise<number> {
  const { terminal } = context;
  const record = await findPublished(await openCatalogue(await connect(flags, context)), flags.flow);
  if (flags.output === 'json') {
    const { publishedAt, ...rest } = record;
    const shown = { ...rest, publishedAt: new Date(publishedAt).toISOString(), spec: specOfRecord(record) };
    terminal.data(JSON.stringify(shown, null, 2));
  } else {
    terminal.data(flowText(record));
  }
  return EXIT.ok;
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
