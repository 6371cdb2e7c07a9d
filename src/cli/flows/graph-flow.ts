import { resolve } from 'node:path';
import type { CliContext } from '../cli-context.ts';
import { connect } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { EXIT } from '../exit-codes.ts';
import { drawGraph, type GraphFormat } from './draw-graph.ts';
import { findPublished, specOfRecord } from './find-published.ts';
import { isFlowFile, openArtifact } from './open-artifact.ts';
import { openCatalogue } from './open-catalogue.ts';

export interface GraphFlowFlags extends ConnectionFlags {
  readonly flow: string;
  readonly output: GraphFormat;
}

/** Draws the graph of a published flow, or of one in a file. */
export async function graphFlow(flags: GraphFlowFlags, context: CliContext): Promise<number> {
  const { flow, output } = flags;
  const spec = isFlowFile(flow)
    ? (await openArtifact(resolve(context.cwd, flow))).spec
    : specOfRecord(await findPublished(await openCatalogue(await connect(flags, context)), flow));
  context.terminal.data(drawGraph(spec, output));
  return EXIT.ok;
}
