import { type ChildProcess, fork } from 'node:child_process';

/**
 * MiB of each half of V8's young generation, half of its default: a flow of many small things takes 20 MB less, and no
 * longer.
 */
const YOUNG_GENERATION = '--max-semi-space-size=8';

/** A process that waits to be told which flow to run; until then it runs nothing of the user's, and it ends with this one. */
export function forkFlow(flowProcess: string): ChildProcess {
  const child = fork(flowProcess, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Outputs are bytes, and stacks are to name the author's files.
    serialization: 'advanced',
    execArgv: [...process.execArgv.filter(isLoader), '--enable-source-maps', YOUNG_GENERATION],
  });
  // A process that cannot be started says so before anybody may listen.
  child.on('error', () => undefined);
  return child;
}

/** Sizes that the worker keeps to are not its flow's. */
function isLoader(flag: string): boolean {
  return !/^--max-(old-space|semi-space|heap)/.test(flag);
}
