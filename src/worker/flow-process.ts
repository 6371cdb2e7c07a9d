/**
 * The process in which a flow's module runs, apart from the worker that keeps its record.
 *
 *   worker ── start ──> import the module ─> call the flow, or its steps ── returned | threw ──> worker
 *     │ ^                                        │      ^
 *     │ └─────────────── news, outputs ──────────┘      │
 *     └──── SIGTERM ──> context.signal ─────────────────┘
 */
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { StepFailed } from '../sdk/flow-error.ts';
import { systemClock } from '../service/clock.ts';
import { callFlow } from './call-flow.ts';
import { secretValues } from './env.ts';
import type { FlowStart, FlowWord, ToldEvent } from './flow-messages.ts';
import { secretMask } from './secret-mask.ts';
import { headOf, jsonOf } from './thrown-words.ts';
import { UnusableFlowError } from './unusable-flow-error.ts';
import { WorkerLine } from './worker-line.ts';

const cancelling = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => cancelling.abort(new Error(`the run is being stopped (${signal})`)));
}
// Whoever keeps the record is gone: what this process did from here on would be nobody's.
const loseWorker = () => process.kill(process.pid, 'SIGKILL');
process.once('disconnect', loseWorker);
let untold: ToldEvent[] = [];
process.once('uncaughtExceptionMonitor', (error) => say(threw(error)));

const [start]: FlowStart[] = await once(process, 'message');
const line = new WorkerLine();
// Neither the channel nor an await at the top level keeps this process up: a flow that waits for nothing ends it, and so
// tells on itself.
process.channel?.unref();
if (start !== undefined) void run(start);

async function run(start: FlowStart): Promise<void> {
  const word = await wordOf(start);
  await new Promise<void>((resolve) => say(word, resolve));
  process.off('disconnect', loseWorker);
  if (process.connected) process.disconnect();
}

async function wordOf(start: FlowStart): Promise<FlowWord> {
  try {
    const module: object = await import(pathToFileURL(start.module).href);
    const json = jsonOf(
      await callFlow(module, start, {
        clock: systemClock,
        signal: cancelling.signal,
        write: (text) => void process.stdout.write(text),
        tell,
        ask: (call) => line.ask(call),
      }),
    );
    return { slipway: 'returned', stopped: cancelling.signal.aborted, ...(json === undefined ? {} : { json }) };
  } catch (error) {
    process.exitCode = 1;
    const word = threw(error);
    if (!obeysTheStop(error)) {
      const mask = secretMask(secretValues(start.secretNames ?? []));
      process.stderr.write(`${mask(word.traceback || word.message)}\n`);
    }
    return word;
  }
}

/** A flow that ends as it was told to has failed in nothing: its stack would only look like trouble. */
function obeysTheStop(error: unknown): boolean {
  const { aborted, reason } = cancelling.signal;
  if (!aborted || !(error instanceof Error)) return false;
  const thrown = error instanceof StepFailed ? error.cause : error;
  return thrown === reason || (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.cause === reason));
}

function threw(error: unknown): Extract<FlowWord, { slipway: 'threw' }> {
  const isOurs = error instanceof UnusableFlowError;
  // What the step's function has thrown is what its author looks for; that the step has failed is said before it.
  const shown = error instanceof StepFailed ? `${error.message}\n\n${inspect(error.cause)}` : inspect(error);
  return {
    slipway: 'threw',
    stopped: cancelling.signal.aborted,
    message: isOurs || error instanceof StepFailed ? error.message : headOf(error),
    traceback: isOurs ? '' : shown,
  };
}

/** What happens in one turn is told at once: ten thousand elements make few messages. */
function tell(event: ToldEvent): void {
  if (untold.length === 0) setImmediate(tellAll);
  untold.push(event);
}

function tellAll(): void {
  if (untold.length === 0 || !process.connected) return;
  process.send?.({ slipway: 'news', json: JSON.stringify(untold) }, undefined, undefined, () => {});
  untold = [];
}

function say(word: FlowWord, done: () => void = () => undefined): void {
  tellAll();
  if (process.send && process.connected) process.send(word, undefined, undefined, () => done());
  else done();
}
