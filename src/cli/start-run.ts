import type { RequestQueue } from '../core/request-queue.ts';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import type { CliContext } from './cli-context.ts';
import { openStore } from './connected-store.ts';
import { type Connection, connect, queueUrlOf, tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { openLogTail } from './log-tail.ts';
import { outcomeText } from './print-outcome.ts';
import { shortIdOf } from './run-id.ts';
import { readParameters } from './run-parameters.ts';
import { runRecord } from './run-record.ts';
import { type RunMessage, type RunWish, runMessage } from './run-request-body.ts';
import { usageError } from './user-error.ts';
import { LOCAL_WATCH, REMOTE_WATCH, watchRun } from './watch-run.ts';

export interface StartRunFlags extends ConnectionFlags, Omit<RunWish, 'parameters'> {
  readonly param?: readonly string[] | undefined;
  readonly watch: boolean;
  readonly output: string;
}

/** Asks for a run through the queue, and with `watch` stays until it has ended. */
export async function startRun(flags: StartRunFlags, context: CliContext): Promise<number> {
  const parameters = await readParameters(flags.param ?? [], context.cwd);
  const message = runMessage({ ...flags, parameters }, context.env.user);
  const connection = await connect(flags, context);
  const queueUrl = queueUrlOf(connection);
  if (flags.watch) tableOf(connection);
  if (flags.watch && flags.runId !== undefined) await refuseKnown(connection, flags.runId);
  await (await openQueue(connection, queueUrl)).send(message.body);
  tellQueued(flags, message, queueUrl, context);
  if (!flags.watch) return EXIT.ok;
  const { runId } = message;
  return watchStarted({ runId, flow: flags.flow }, { connection, queueUrl, output: flags.output }, context);
}

async function openQueue({ aws }: Connection, url: string): Promise<RequestQueue> {
  const [{ createSqsClient }, { SqsRequestQueue }] = await Promise.all([
    import('../aws/create-sqs-client.ts'),
    import('../aws/sqs-request-queue.ts'),
  ]);
  return new SqsRequestQueue(createSqsClient(aws), url);
}

/** Otherwise the watching would tell of the run that has the id already. */
async function refuseKnown(connection: Connection, runId: string): Promise<void> {
  const known = await (await openStore(connection)).get(runId);
  if (known) throw usageError(`run ${runId} is on record already, ${known.status}`, 'give another --run-id, or none');
}

function tellQueued(
  { flow, output, watch }: StartRunFlags,
  { runId }: RunMessage,
  queueUrl: string,
  context: CliContext,
) {
  const { terminal } = context;
  if (output === 'json' && !watch) terminal.data(JSON.stringify({ runId, flow, queueUrl }, null, 2));
  if (output !== 'json' && !terminal.isInteractive) terminal.data(runId);
  terminal.say(`${terminal.style('green', '✔')} queued ${shortIdOf(runId)}  ${flow}  → ${queueUrl.split('/').at(-1)}`);
  if (watch || !terminal.isInteractive) return;
  terminal.say(`  next: slipway logs -f ${shortIdOf(runId)}    slipway runs get ${shortIdOf(runId)}`);
}

interface Started {
  readonly runId: string;
  readonly flow: string;
}

interface WatchStartedOptions {
  readonly connection: Connection;
  readonly queueUrl: string;
  readonly output: string;
}

/** Watches a run that was just asked for; Ctrl-C ends the watching only. */
export async function watchStarted(
  { runId, flow }: Started,
  { connection, queueUrl, output }: WatchStartedOptions,
  context: CliContext,
): Promise<number> {
  const { terminal, clock, signals } = context;
  const { stop, release } = stopOnSignals(signals);
  try {
    const run = await watchRun({
      runId,
      store: await openStore(connection),
      tail: await openLogTail(connection.aws),
      terminal,
      clock,
      stop: AbortSignal.any([stop.signal, terminal.gone]),
      pace: connection.isLocal ? LOCAL_WATCH : REMOTE_WATCH,
      queueUrl,
      onLine: (line) => (output === 'json' ? terminal.say(line) : terminal.data(line)),
    });
    if (run === undefined) return tellDetached(runId, context);
    if (output === 'json') terminal.data(JSON.stringify(runRecord(run, connection.prices), null, 2));
    terminal.say(outcomeText(run, terminal.style, connection.prices));
    return exitCodeOf(run.status);
  } catch (error) {
    terminal.say(`the run ${flow} ${shortIdOf(runId)} goes on; only the watching has ended`);
    throw error;
  } finally {
    release();
  }
}

function tellDetached(runId: string, { terminal }: CliContext): number {
  const name = shortIdOf(runId);
  terminal.say(`no longer watching; the run goes on.   slipway logs -f ${name}    slipway runs cancel ${name}`);
  return EXIT.interrupted;
}
