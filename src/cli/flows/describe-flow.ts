import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { type FlowSpec, parseFlowSpec } from '../../core/flow-spec.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Description } from './describe-flow-program.ts';

const OWN_ENDING = extname(import.meta.filename);
const PROGRAM = join(import.meta.dirname, `describe-flow-program${OWN_ENDING}`);

/** Stacks name the author's files; where this runs from source, so does the program. */
const NODE_ARGS = ['--enable-source-maps', ...(OWN_ENDING === '.ts' ? ['--import', 'tsx'] : [])];

export interface DescribedFlow {
  readonly spec: FlowSpec;
  /** `flow_spec.json`. */
  readonly text: string;
}

/** The graph of the flow that a bundled module exports; the error says what it has instead. */
export async function describeFlow(module: string): Promise<Result<DescribedFlow, string>> {
  const child = fork(PROGRAM, [module], { execArgv: NODE_ARGS, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let errors = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString()}`.slice(-1_000);
  });
  const gone = once(child, 'exit').then(() => undefined);
  try {
    const said = await Promise.race([once(child, 'message').then(([first]: Description[]) => first), gone]);
    if (said === undefined) return err(`ends its process when it is imported: ${errors.trim() || 'without a word'}`);
    if ('fault' in said) return err(said.fault);
    const spec = parseFlowSpec(said.spec);
    return spec.ok ? ok({ spec: spec.value, text: `${JSON.stringify(JSON.parse(said.spec), null, 2)}\n` }) : spec;
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}
