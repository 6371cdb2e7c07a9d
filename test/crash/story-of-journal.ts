import { createHash } from 'node:crypto';
import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  type RunTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import { fromItem } from '../../src/aws/run-item.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { derivedRunId } from '../../src/core/run-identity.ts';
import type { RecordedCall } from '../../src/local/faults.ts';
import { quiet } from '../simulation/directed-scenarios.ts';
import type { SimEvent } from '../simulation/history.ts';
import { hashOfRequest } from '../simulation/services/ecs-service.ts';
import type { Story } from '../simulation/story.ts';
import { itemsWritten } from './items-written.ts';
import type { SentMessage } from './lane.ts';

/** What the witnesses of a real world have seen. */
export interface Journal {
  readonly sent: readonly SentMessage[];
  /** In the order of their arrival. */
  readonly calls: readonly RecordedCall[];
  readonly tasks: readonly Task[];
  /** Of user code. */
  readonly notes: readonly string[];
}

/**
 * The story that local AWS's record, its tasks and the notes of user code tell together: judged by the same invariants
 * as a simulated one.
 */
export function storyOfJournal(journal: Journal): Story {
  const made = journal.tasks.map((task) => madeEvent(task, journal.calls));
  const events = [
    ...journal.sent.map(sentEvent),
    ...made,
    ...journal.calls
      .flatMap(callEvents)
      .sort((a, b) => a.place - b.place)
      .map(({ event }) => event),
    ...journal.notes.flatMap((note) => noteEvents(note, journal.tasks)),
    ...journal.tasks.flatMap(endEvents),
  ];
  const tasksLeft = journal.tasks.flatMap(({ taskArn = '', lastStatus }) =>
    lastStatus === 'STOPPED' ? [] : [taskArn],
  );
  return {
    scenario: quiet(),
    events,
    convergedAt: Date.now(),
    messagesLeft: 0,
    tasksLeft,
    fired: [],
    calls: new Map(),
  };
}

/** All tasks of a cluster, or of one family in it, that ECS remembers. */
export async function tasksOfCluster(ecs: ECSClient, cluster: string, family?: string): Promise<readonly Task[]> {
  const where = { cluster, ...(family === undefined ? {} : { family }) };
  const found = new Map<string, Task>();
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    for await (const { taskArns } of paginateListTasks({ client: ecs }, { ...where, desiredStatus })) {
      for (const task of await described(ecs, cluster, taskArns)) found.set(task.taskArn ?? '', task);
    }
  }
  return [...found.values()];
}

async function described(ecs: ECSClient, cluster: string, tasks: string[] = []): Promise<readonly Task[]> {
  if (tasks.length === 0) return [];
  return (await ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? [];
}

function sentEvent({ messageId, body }: SentMessage): SimEvent {
  const parsed = parseRunRequest(body);
  const rejectedId = derivedRunId('message', 'rejected', messageId);
  const told = { at: 0, by: 'producer', kind: 'sent', messageId, rejectedId, body } as const;
  if (!parsed.ok) return { ...told, runId: '(unreadable)', bodyHash: undefined };
  const { request, body: json } = parsed.value;
  return { ...told, runId: request.runId ?? derivedRunId('message', messageId), bodyHash: sha256(canonicalJson(json)) };
}

/** An event at its place: where it was asked for if that is what counts, else where it was done. */
interface Placed {
  readonly place: number;
  readonly event: SimEvent;
}

function callEvents(call: RecordedCall): Placed[] {
  const { operation, arrived, executed, at, caller: by } = call;
  if (operation === 'ecs.RunTask') return [{ place: arrived, event: launchEvent(call) }];
  if (executed === undefined) return [];
  const events = executedEvents(call);
  return events.map((happening) => ({ place: executed, event: { ...happening, at, by } }));
}

function executedEvents(call: RecordedCall) {
  if (call.operation === 'ecs.StopTask') {
    const { task: taskArn, reason } = call.input as { readonly task: string; readonly reason: string };
    return [{ kind: 'stop-asked', taskArn, reason } as const];
  }
  if (call.operation === 'sqs.DeleteMessageBatch') {
    const { Entries } = call.input as { readonly Entries: readonly { readonly ReceiptHandle: string }[] };
    return Entries.map(({ ReceiptHandle }) => ({ kind: 'deleted', messageId: messageIdIn(ReceiptHandle) }) as const);
  }
  const runs = itemsWritten(call).filter(({ PK }) => String(PK).startsWith('RUN#'));
  return runs.map((item) => ({ kind: 'put', run: withOrderedRequest(fromItem(item)) }) as const);
}

function withOrderedRequest(run: FlowRun): FlowRun {
  if (run.status !== 'LAUNCHING') return run;
  return { ...run, intent: { ...run.intent, request: inOrder(run.intent.request) } };
}

/** Local SQS's receipt handles tell which message they are of. */
function messageIdIn(handle: string): string {
  return Buffer.from(handle, 'base64').toString('utf8').split(' ')[2] ?? '';
}

function launchEvent({ input, at, caller }: RecordedCall): SimEvent {
  const { clientToken, startedBy } = input as { readonly clientToken: string; readonly startedBy: string };
  const requestHash = hashOfRequest(inOrder(input as RunTaskCommandInput));
  return { kind: 'launch-sent', startedBy, token: clientToken, requestHash, clock: at, at, by: caller };
}

function madeEvent({ taskArn = '', startedBy = '', createdAt }: Task, calls: readonly RecordedCall[]): SimEvent {
  const launch = calls.find(
    ({ operation, input }) =>
      operation === 'ecs.RunTask' && (input as { readonly startedBy?: string }).startedBy === startedBy,
  );
  const { clientToken: token } = (launch?.input ?? { clientToken: '' }) as { readonly clientToken: string };
  const at = createdAt?.getTime() ?? 0;
  const launched = { startedBy, token, travelledMs: 0, besideFailure: false, shownAt: at };
  return { kind: 'task-made', taskArn, ...launched, at, by: 'ecs' };
}

/** `begin worker <run> <attempt> <epoch ms>`; `end plain … <exit code>`. */
function noteEvents(note: string, tasks: readonly Task[]): SimEvent[] {
  const [word, kind, runId, attempt, at, exitCode = '0'] = note.split(' ');
  const startedBy = `slipway/${runId}/${attempt}`;
  const taskArn = tasks.find((task) => task.startedBy === startedBy)?.taskArn;
  if (taskArn === undefined) return [];
  const told = { startedBy, taskArn, isWorker: kind === 'worker', at: Number(at), by: 'user code' };
  if (word === 'begin') return [{ kind: 'exec-begin', ...told }];
  return [{ kind: 'exec-end', ...told, isOk: exitCode === '0' }];
}

function endEvents({ taskArn = '', startedBy = '', containers = [], ...task }: Task): SimEvent[] {
  if (task.lastStatus !== 'STOPPED') return [];
  const { exitCode } = containers[0] ?? {};
  const at = task.stoppedAt?.getTime() ?? 0;
  const told = { taskArn, at, by: 'ecs' };
  const exited: SimEvent[] = exitCode === undefined ? [] : [{ kind: 'exited', ...told, exitCode }];
  const { stopCode = '', stoppedReason: reason = '' } = task;
  return [...exited, { kind: 'task-stopped', ...told, startedBy, stopCode, reason, exitCode }];
}

/** With its keys in one order: a request that went over the wire compares with the one on record. */
function inOrder<Value extends object>(value: Value): Value {
  return JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value))));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
