import { describe, expect, it } from 'vitest';
import { drawGraph } from '../../../src/cli/flows/draw-graph.ts';
import { parseFlowSpec } from '../../../src/core/flow-spec.ts';
import { flow } from '../../../src/sdk/flow.ts';
import { specOf } from '../../../src/sdk/flow-spec.ts';

const GRAPH = flow('etl', { version: '1.2.0' }, (step) => {
  const rows = step('extract', { retries: 3, timeout: '30s' }, () => [1]);
  const clean = step('clean', { mapOver: rows, concurrency: 4, cacheKey: () => 'k' }, ({ item }) => item);
  step('end', { after: [rows] }, () => undefined);
  return step('load', { inputs: { clean, rows }, after: [clean] }, () => undefined);
});

function spec() {
  const parsed = parseFlowSpec(JSON.stringify(specOf(GRAPH)));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe("a flow's graph", () => {
  it('is drawn in words, a step further in for each that has to be done before it', () => {
    expect(drawGraph(spec(), 'text').split('\n')).toEqual([
      'etl 1.2.0',
      '  extract                         3 retries, 30 s a try',
      '    clean × n  ← each of extract  4 at once, cached',
      '    end        ← after extract',
      '      load     ← clean, extract                          → result',
    ]);
  });

  it('is drawn for Mermaid, with ids that are no words of its own', () => {
    expect(drawGraph(spec(), 'mermaid').split('\n')).toEqual([
      'flowchart LR',
      '  s1["extract"]',
      '  s2[["clean × n"]]',
      '  s3["end"]',
      '  s4["load"]',
      '  s1 -- each --> s2',
      '  s1 -.-> s3',
      '  s2 --> s4',
      '  s1 --> s4',
      '  s4 --> result(( ))',
    ]);
  });

  it('is drawn for Graphviz', () => {
    const dot = drawGraph(spec(), 'dot');
    expect(dot).toContain('digraph "etl" {');
    expect(dot).toContain('"clean" [label="clean × n", peripheries=2];');
    expect(dot).toContain('"extract" -> "end" [style=dashed];');
  });

  it('is the spec itself as JSON', () => {
    expect(JSON.parse(drawGraph(spec(), 'json'))).toEqual(spec());
  });
});
