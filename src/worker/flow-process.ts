/**
 * The process in which a flow's module runs, apart from the worker that keeps its record.
 *
 *   worker ── start ──> import the module ─> call the flow ── returned | threw ──> worker
 *     └──── SIGTERM ──> context.signal
 */
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { FlowContext } from '../sdk/flow-context.ts';
import { systemClock } from '../service/clock.ts';
import { flowFunctionOf, UnusableFlowError } from './flow-function.ts';
import { createFlowLog } from './flow-log.ts';
import type { FlowStart, FlowWord } from './flow-messages.ts';

const cancelling = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => cancelling.abort(new Error(`the run is being stopped (${signal})`)));
}
// Whoever keeps the record is gone: what this process did from here on would be nobody's.
const loseWorker = () => process.kill(process.pid, 'SIGKILL');
process.once('disconnect', loseWorker);
process.once('uncaughtExceptionMonitor', (error) => say(threw(error)));

const [start]: FlowStart[] = await once(process, 'message');
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

async function wordOf({ module, facts, parameters, logLevel }: FlowStart): Promise<FlowWord> {
  const { runId, attempt, flow, correlationId } = facts;
  const ids = { runId, attempt, flow, ...(correlationId === undefined ? {} : { correlationId }) };
  const write = (line: string) => process.stdout.write(line);
  const log = createFlowLog({ level: logLevel, clock: systemClock, ids, write });
  const context: FlowContext = { ...facts, parameters, log, signal: cancelling.signal };
  try {
    const exported: object = await import(pathToFileURL(module).href);
    const json = jsonOf(await flowFunctionOf(exported)(context));
    return { slipway: 'returned', stopped: cancelling.signal.aborted, ...(json === undefined ? {} : { json }) };
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof UnusableFlowError ? error.message : inspect(error)}\n`);
    return threw(error);
  }
}

function threw(error: unknown): FlowWord {
  return { slipway: 'threw', stopped: cancelling.signal.aborted, message: headOf(error) };
}

function jsonOf(output: unknown): string | undefined {
  try {
    return JSON.stringify(output);
  } catch (error) {
    throw new UnusableFlowError(`the flow returned something that JSON cannot say: ${headOf(error)}`);
  }
}

function say(word: FlowWord, done: () => void = () => undefined): void {
  if (process.send && process.connected) process.send(word, undefined, undefined, () => done());
  else done();
}

/** What was thrown, in one line. */
function headOf(thrown: unknown): string {
  if (thrown instanceof UnusableFlowError) return thrown.message;
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : inspect(thrown);
  return text.split('\n', 1)[0] ?? '';
}
