import type { PriceOverride } from '../core/fargate-price.ts';
import { type AttemptRecord, type FinishedRun, type FlowRun, isFinished } from '../core/run.ts';
import { runCost } from '../core/run-cost.ts';
import type { Heartbeat } from '../core/run-details.ts';
import { seconds } from '../core/why.ts';
import { costText } from './print-cost.ts';
import { ageText, statusText } from './print-status.ts';
import { tableText } from './print-table.ts';
import { dayAndClockText } from './print-time.ts';
import { printable } from './printable.ts';
import { shortIdOf } from './run-id.ts';
import { flowVersionOf, taskArnOf } from './run-record.ts';
import type { Style } from './terminal.ts';
import { notableWait } from './waiting-words.ts';

/** What is known of a run beside its record. */
export interface RunSurroundings {
  readonly prices?: PriceOverride | undefined;
  /** The last sign of life of its worker. */
  readonly heartbeat?: Heartbeat | undefined;
}

/** A run on one page: what it is, where it runs, why it ended, what happened when. */
export function runText(
  run: FlowRun,
  style: Style,
  now: number,
  { prices = {}, heartbeat }: RunSurroundings = {},
): string {
  const { request } = run;
  const facts = [
    ['run', shortIdOf(run.runId) === run.runId ? run.runId : `${shortIdOf(run.runId)}  (${run.runId})`],
    ['flow', `${request.flow}  version ${flowVersionOf(run)}`],
    ['status', `${statusText(run.status, style)}  ${ageText(run, now)}`],
    ...(isFinished(run) ? reasonRows(run) : optionalRow('waits', notableWait(run, now))),
    ['attempt', String(run.attempt)],
    ['parameters', request.parametersS3Uri ?? JSON.stringify(request.parameters)],
    ...optionalRow('environment', request.environment),
    ...optionalRow('labels', request.labels.join(', ')),
    [
      'requested',
      `${dayAndClockText(run.requestedAt)}  by ${[request.trigger.source, request.trigger.by].join(' ').trim()}`,
    ],
    ...taskRows(run),
    ...optionalRow('heartbeat', heartbeat && `number ${heartbeat.count}, ${seconds(now - heartbeat.at)} ago`),
    ...optionalRow('exit code', 'exitCode' in run ? run.exitCode : undefined),
    ...costRows(run, prices),
    ...optionalRow('result', resultOf(run)),
  ];
  return [tableText(facts.map((row) => ['', ...row])), '', tableText(historyRows(run)), ...attemptLines(run)].join(
    '\n',
  );
}

function costRows(run: FlowRun, prices: PriceOverride): string[][] {
  return run.attempts.length === 0 ? [] : optionalRow('cost', costText(runCost(run, prices)));
}

function optionalRow(name: string, value: string | number | undefined): string[][] {
  return value === undefined || value === '' ? [] : [[name, String(value)]];
}

function reasonRows({ reason }: FinishedRun): string[][] {
  const evidence = (reason.evidence ?? '').split('\n').filter((line) => line !== '');
  return [
    ['reason', `${reason.code}  ${printable(reason.message)}`],
    ...evidence.map((line, index) => [index === 0 ? 'evidence' : '', printable(line)]),
  ];
}

/** What the flow returned, as far as it fits a line. */
function resultOf(run: FlowRun): string | undefined {
  const output = 'result' in run ? run.result?.output : undefined;
  const text = output === undefined ? undefined : JSON.stringify(output);
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function taskRows(run: FlowRun): string[][] {
  const intent = run.status === 'QUEUED' ? undefined : run.intent;
  return [...optionalRow('task', taskArnOf(run)), ...optionalRow('definition', intent?.request.taskDefinition)];
}

function historyRows(run: FlowRun): string[][] {
  return run.history.map(({ at, status, attempt, by, code, note }) => [
    '',
    dayAndClockText(at),
    status,
    `attempt ${attempt}`,
    by,
    code ?? note ?? '',
  ]);
}

function attemptLines(run: FlowRun): readonly string[] {
  const earlier = run.attempts.filter(({ attempt }) => attempt < run.attempt);
  return earlier.length === 0 ? [] : ['', tableText(earlier.map(attemptRow))];
}

function attemptRow({ attempt, status, reason, taskArn }: AttemptRecord): string[] {
  return [
    '',
    `attempt ${attempt}`,
    status,
    reason.code,
    printable((reason.evidence ?? reason.message).split('\n', 1)[0] ?? ''),
    taskArn ?? '',
  ];
}
