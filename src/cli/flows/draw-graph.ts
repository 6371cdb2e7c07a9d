import type { FlowSpec, StepSpec } from '../../core/flow-spec.ts';
import { tableText } from '../print-table.ts';

export const GRAPH_FORMATS = ['text', 'mermaid', 'dot', 'json'] as const;

export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** A flow's graph in words, for Mermaid, for Graphviz, or as data. */
export function drawGraph(spec: FlowSpec, format: GraphFormat): string {
  switch (format) {
    case 'text':
      return textOf(spec);
    case 'mermaid':
      return mermaidOf(spec);
    case 'dot':
      return dotOf(spec);
    case 'json':
      return JSON.stringify(spec, null, 2);
    default:
      return format satisfies never;
  }
}

/** A line for each step, further in the more steps have to be done before it: what stands level may run at once. */
function textOf({ flow, version, steps, result }: FlowSpec): string {
  const levels = levelsOf(steps);
  const rows = steps.map((step) => [
    `${'  '.repeat(levels.get(step.name) ?? 0)}${step.name}${step.mapOver === undefined ? '' : ' × n'}`,
    arrowsText(step),
    optionsText(step),
    step.name === result ? '→ result' : '',
  ]);
  return [`${flow} ${version}`, tableText(rows.map((row) => ['', ...row]))].join('\n');
}

function arrowsText(step: StepSpec): string {
  const names = edgesOf(step).map(({ from, kind }) => {
    if (kind === 'mapOver') return `each of ${from}`;
    return kind === 'after' ? `after ${from}` : from;
  });
  return names.length === 0 ? '' : `← ${names.join(', ')}`;
}

function optionsText({ retries, timeoutMs, concurrency, cached }: StepSpec): string {
  const words = [
    ...(retries.max === 0 ? [] : [`${retries.max} retr${retries.max === 1 ? 'y' : 'ies'}`]),
    ...(timeoutMs === undefined ? [] : [`${timeoutMs / 1000} s a try`]),
    ...(concurrency === undefined ? [] : [`${concurrency} at once`]),
    ...(cached ? ['cached'] : []),
  ];
  return words.join(', ');
}

/** How many steps at least have to be done one after the other before a step can begin. */
function levelsOf(steps: readonly StepSpec[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const step of steps) {
    levels.set(step.name, Math.max(-1, ...edgesOf(step).map(({ from }) => levels.get(from) ?? 0)) + 1);
  }
  return levels;
}

function mermaidOf({ steps, result }: FlowSpec): string {
  // A word of Mermaid's own, such as `end`, may be a step's name: ids are numbers.
  const ids = idsOf(steps);
  const nodes = steps.map(({ name, mapOver }) =>
    mapOver === undefined ? `  ${ids.get(name)}["${name}"]` : `  ${ids.get(name)}[["${name} × n"]]`,
  );
  const edges = steps.flatMap((step) =>
    edgesOf(step).map(({ from, kind }) => {
      const arrow = { input: '-->', mapOver: '-- each -->', after: '-.->' }[kind];
      return `  ${ids.get(from)} ${arrow} ${ids.get(step.name)}`;
    }),
  );
  const end = result === undefined ? [] : [`  ${ids.get(result)} --> result(( ))`];
  return ['flowchart LR', ...nodes, ...edges, ...end].join('\n');
}

function dotOf({ flow, steps, result }: FlowSpec): string {
  const nodes = steps.map(({ name, mapOver }) =>
    mapOver === undefined ? `  "${name}";` : `  "${name}" [label="${name} × n", peripheries=2];`,
  );
  const edges = steps.flatMap((step) =>
    edgesOf(step).map(({ from, kind }) => {
      const style = { input: '', mapOver: ' [label="each"]', after: ' [style=dashed]' }[kind];
      return `  "${from}" -> "${step.name}"${style};`;
    }),
  );
  const end = result === undefined ? [] : ['  "result" [shape=doublecircle, label=""];', `  "${result}" -> "result";`];
  return [`digraph "${flow}" {`, '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, ...end, '}'].join('\n');
}

function idsOf(steps: readonly StepSpec[]): ReadonlyMap<string, string> {
  return new Map(steps.map(({ name }, index) => [name, `s${index + 1}`]));
}

interface Edge {
  readonly from: string;
  readonly kind: 'mapOver' | 'input' | 'after';
}

/** What a step waits for, each step once, by the strongest of the reasons. */
function edgesOf({ inputs, after, mapOver }: StepSpec): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const from of after) edges.set(from, { from, kind: 'after' });
  for (const from of Object.values(inputs)) edges.set(from, { from, kind: 'input' });
  if (mapOver !== undefined) edges.set(mapOver, { from: mapOver, kind: 'mapOver' });
  return [...edges.values()];
}
