/**
 * Loads a flow's module and tells what it exports, in a process of its own: what a module does or leaves open when it is
 * imported is nothing to the command that asks.
 *
 *   fork(…, [path of the module]) ─> { spec } | { fault }
 */
import { pathToFileURL } from 'node:url';
import { isFlowGraph } from '../../sdk/flow-graph.ts';
import { specOf } from '../../sdk/flow-spec.ts';

/** The one message of the program. */
export type Description = { readonly spec: string } | { readonly fault: string };

async function describe(path: string): Promise<Description> {
  try {
    const module: object = await import(pathToFileURL(path).href);
    const exported: unknown = Reflect.get(module, 'default');
    if (isFlowGraph(exported)) return { spec: JSON.stringify(specOf(exported)) };
    return { fault: `exports ${wordOf(exported)} by default, not what flow() makes` };
  } catch (error) {
    return { fault: wordsOf(error) };
  }
}

function wordOf(exported: unknown): string {
  if (typeof exported === 'function') return 'a function';
  return exported === undefined ? 'nothing' : 'something else';
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return `throws when it is imported: ${String(error)}`;
  if (error.name === 'FlowDefinitionError') return error.message;
  const at = error.stack?.split('\n').find((line) => line.trim().startsWith('at '));
  return `throws when it is imported: ${error.name}: ${error.message}${at === undefined ? '' : ` (${at.trim()})`}`;
}

process.send?.(await describe(process.argv[2] ?? ''));
