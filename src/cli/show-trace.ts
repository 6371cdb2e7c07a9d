import type { ObservedTask } from '../core/observation.ts';
import { readObservation } from '../core/read-observation.ts';
import { type FlowRun, isInFlight } from '../core/run.ts';
import { type AttemptTrace, traceRun } from '../core/trace-run.ts';
import { createStop } from '../service/create-stop.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { Connection } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { logSourceOf } from './log-source.ts';
import { openLogTail } from './log-tail.ts';
import { traceText } from './print-trace.ts';
import { shortIdOf } from './run-id.ts';
import { taskArnOf } from './run-record.ts';
import { usageError } from './user-error.ts';

export interface ShowTraceFlags extends ConnectionFlags {
  readonly run: string;
  readonly attempt?: number | undefined;
  readonly lines: boolean;
  readonly output: string;
}

/** Prints all that happened to a run, whoever tells it, in the order of time. */
export async function showTrace(flags: ShowTraceFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, clock.now());
  const { attempt } = flags;
  if (attempt !== undefined && !(Number.isInteger(attempt) && attempt >= 1 && attempt <= run.attempt))
    throw usageError(`run ${shortIdOf(run.runId)} has the attempts 1 to ${run.attempt}, not ${attempt}`);
  const numbers = attempt === undefined ? Array.from({ length: run.attempt }, (_, index) => index + 1) : [attempt];
  const traces = await attemptTraces(run, numbers, flags, connection);
  const entries = traceRun(run, traces).filter((entry) => attempt === undefined || entry.attempt === attempt);
  if (flags.output === 'json') {
    for (const entry of entries) terminal.data(JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() }));
    return EXIT.ok;
  }
  terminal.data(traceText(run, entries, terminal.dataStyle));
  return EXIT.ok;
}

async function attemptTraces(
  run: FlowRun,
  attempts: readonly number[],
  { lines }: ShowTraceFlags,
  connection: Connection,
): Promise<readonly AttemptTrace[]> {
  const traces: AttemptTrace[] = [];
  for (const attempt of attempts) {
    const source = lines ? logSourceOf(run, attempt) : undefined;
    // A tail reads one container after the other: each attempt has one of its own.
    const written = source === undefined ? [] : await (await openLogTail(connection.aws)).read(source);
    const task = recordedTask(run, attempt) ?? (await currentTask(run, attempt, connection));
    traces.push({ attempt, lines: written, ...(task === undefined ? {} : { task }) });
  }
  return traces;
}

/** ECS forgets a stopped task after an hour; the record keeps its last word. */
function recordedTask(run: FlowRun, attempt: number): ObservedTask | undefined {
  return readObservation(run.attempts.find((record) => record.attempt === attempt)?.observation);
}

async function currentTask(run: FlowRun, attempt: number, { aws }: Connection): Promise<ObservedTask | undefined> {
  const taskArn = taskArnOf(run);
  if (attempt !== run.attempt || taskArn === undefined || !isInFlight(run)) return undefined;
  const [{ createEcsClients }, { EcsTaskHost }] = await Promise.all([
    import('../aws/create-ecs-client.ts'),
    import('../aws/ecs-task-host.ts'),
  ]);
  const host = new EcsTaskHost(createEcsClients(aws));
  const seen = (await host.observe(run.intent.request.cluster, [taskArn], createStop().signal)).get(taskArn);
  return seen === undefined || seen.kind === 'missing' ? undefined : seen.task;
}
