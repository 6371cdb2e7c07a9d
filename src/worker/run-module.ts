import type { ChildProcess } from 'node:child_process';
import { describeError, type Log } from '../service/log.ts';
import { type Ending, failed } from './ending.ts';
import {
  type FlowAnswer,
  type FlowQuestion,
  type FlowStart,
  type FlowWord,
  type OutputAnswer,
  type OutputCall,
  parseFlowMessage,
} from './flow-messages.ts';
import { forkFlow } from './fork-flow.ts';
import { settleWithin } from './settle-within.ts';
import { interrupted, signalExitCode } from './stopping.ts';
import { type ChildDeps, type ChildEnd, OUTPUT_GRACE_MS, superviseChild } from './supervise-child.ts';

export interface ModuleDeps extends ChildDeps {
  readonly log: Log;
  /** The built `flow-process`. */
  readonly flowProcess: string;
  /** One that was forked already: it comes up while the worker claims. */
  readonly ahead?: ChildProcess;
  /** How long a flow's process may go on after the flow has returned; 5 s if left out. */
  readonly lingerMs?: number;
}

/** Whom the flow's process talks to before its last word. */
export interface FlowPeer {
  /** Takes news, as JSON. */
  note(json: string): void;
  answer(call: OutputCall): Promise<OutputAnswer>;
}

/** What a flow leaves open (a pool of connections, a timer) must not keep a finished run, or its bill, running. */
const LINGER_MS = 5_000;

interface Heard {
  word: FlowWord | undefined;
  /** Said before anybody asked the flow to stop. */
  inTime: boolean;
  lingered: boolean;
}

/**
 * Runs the flow of a module in a process of its own: one that calls `process.exit`, blocks or crashes still ends with a
 * record, which this process keeps.
 */
export async function runModule(start: FlowStart, peer: FlowPeer, deps: ModuleDeps): Promise<Ending> {
  const { stopping } = deps;
  const child = readyChild(deps) ?? forkFlow(deps.flowProcess);
  const heard: Heard = { word: undefined, inTime: false, lingered: false };
  const silent = new Promise((resolve) => child.once('disconnect', resolve));
  const ended = new AbortController();
  child.on('message', (sent) => {
    const message = parseFlowMessage(sent);
    if (message?.slipway === 'news') return peer.note(message.json);
    if (message?.slipway === 'ask') return void answer(child, peer, message);
    if (message === undefined || heard.word !== undefined) return;
    Object.assign(heard, { word: message, inTime: !message.stopped && !stopping.signal.aborted });
    void endLingering(child, deps, heard, ended.signal);
  });
  // Fails when the process has not come up; its end tells the rest.
  child.send({ ...start }, () => undefined);
  const end = await superviseChild(child, deps);
  ended.abort();
  // The last message may still be on its way when the process is gone.
  if (end.kind !== 'not-started') await settleWithin(deps.clock, OUTPUT_GRACE_MS, stopping.hurry, silent);
  if (!end.asked) return endingOf(heard, end);
  return heard.inTime && heard.word ? endingOfWord(heard.word) : interrupted(stopping);
}

/** The process that was started ahead, unless it has not lived to see this. */
function readyChild({ ahead }: ModuleDeps): ChildProcess | undefined {
  return ahead?.pid !== undefined && ahead.exitCode === null && ahead.signalCode === null ? ahead : undefined;
}

/** A process that is gone by then needs no answer. */
async function answer(child: ChildProcess, peer: FlowPeer, { id, call }: FlowQuestion): Promise<void> {
  const answered = await peer.answer(call).then(
    (output): FlowAnswer => ({ slipway: 'answer', id, output }),
    (error): FlowAnswer => ({ slipway: 'answer', id, error: describeError(error) }),
  );
  if (child.connected) child.send({ ...answered }, () => undefined);
}

async function endLingering(child: ChildProcess, deps: ModuleDeps, heard: Heard, ended: AbortSignal): Promise<void> {
  await deps.clock.sleep(deps.lingerMs ?? LINGER_MS, ended);
  if (ended.aborted) return;
  deps.log.warn('worker.flow-left-something-open');
  heard.lingered = true;
  child.kill('SIGKILL');
}

function endingOf({ word, lingered }: Heard, end: ChildEnd): Ending {
  if (word === undefined) return withTail(endedWithoutWord(end), end);
  const after = lingered ? 0 : codeOf(end);
  if (word.slipway === 'threw' || after === 0) return endingOfWord(word);
  return failed(`the flow returned, and then its process ended with ${after}`, after);
}

function endingOfWord(word: FlowWord): Ending {
  if (word.slipway === 'threw') return failed(word.message, 1, word.traceback);
  return { kind: 'succeeded', ...(word.json === undefined ? {} : { json: word.json }) };
}

function endedWithoutWord(end: ChildEnd): Ending {
  switch (end.kind) {
    case 'not-started':
      return failed(`the flow's process could not be started: ${end.error.message}`);
    case 'killed':
      return failed(`the flow's process was ended by ${end.by}${hintOf(end.by)}`, signalExitCode(end.by));
    case 'exited':
      // 13 is Node's code for a top-level await that never settles.
      if (end.exitCode === 0 || end.exitCode === 13) return failed(ENDED_EARLY);
      return failed(`the flow's process exited with ${end.exitCode} before the flow had returned`, end.exitCode);
    default:
      return end satisfies never;
  }
}

/** A process that could say nothing itself has perhaps complained. */
function withTail(ending: Ending, { errorTail }: ChildEnd): Ending {
  return ending.kind === 'failed' ? failed(ending.message, ending.exitCode, errorTail) : ending;
}

const ENDED_EARLY =
  'the process ended before the flow had returned: it exited by itself, or awaits something that never happens';

function hintOf(signal: NodeJS.Signals): string {
  if (signal === 'SIGABRT') return ', as Node does when its heap is full: see the logs';
  return signal === 'SIGKILL' ? ', perhaps for its use of memory' : '';
}

function codeOf(end: ChildEnd): number {
  if (end.kind === 'exited') return end.exitCode;
  return end.kind === 'killed' ? signalExitCode(end.by) : 1;
}
