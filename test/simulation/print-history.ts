import type { FlowRun, RunningRun, StartingRun } from '../../src/core/run.ts';
import { BEGINNING } from './event-queue.ts';
import type { Violation } from './facts.ts';
import type { SimEvent } from './history.ts';

/** A history for people, one line for each event; equal histories print alike, byte for byte. */
export function printHistory(events: readonly SimEvent[]): string {
  return events.map((event) => `${timeOf(event.at)}  ${event.by.padEnd(16)} ${textOf(event)}\n`).join('');
}

/** One line for each. */
export function printViolations(violations: readonly Violation[]): string {
  return violations
    .map(({ at, invariant, code, subject, message }) => `${timeOf(at)}  ${invariant} ${code}, ${subject}: ${message}\n`)
    .join('');
}

/** `hh:mm:ss.mmm` since the beginning. */
export function timeOf(at: number): string {
  const ms = Math.round(at - BEGINNING);
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((part) => pad(part, 2)).join(':');
  return `${clock}.${pad(ms % 1000, 3)}`;
}

function pad(value: number, digits: number): string {
  return String(Math.floor(value)).padStart(digits, '0');
}

function textOf(event: SimEvent): string {
  switch (event.kind) {
    case 'put':
      return `put ${runText(event.run)}`;
    case 'sent':
      return `sent ${event.messageId} for ${event.runId}: ${event.body.slice(0, 120)}`;
    case 'received':
    case 'deleted':
    case 'dead-lettered':
      return `${event.kind} ${event.messageId}`;
    case 'registered':
      return `registered ${event.arn.split('/').at(-1)}`;
    case 'launch-sent':
      return `RunTask sent for ${event.startedBy}, token ${event.token.slice(0, 8)}, request ${event.requestHash}`;
    case 'task-made':
      return `task ${idOf(event.taskArn)} made for ${event.startedBy}, token ${event.token.slice(0, 8)}, ${event.travelledMs.toFixed()} ms after it was sent${event.besideFailure ? ', beside a failure' : ''}`;
    case 'task-stopped':
      return `task ${idOf(event.taskArn)} STOPPED: ${event.stopCode} "${event.reason}" exit ${event.exitCode ?? 'none'}`;
    case 'stop-asked':
      return `StopTask ${idOf(event.taskArn)}: ${event.reason}`;
    case 'exec-begin':
      return `user code begins in task ${idOf(event.taskArn)} for ${event.startedBy}`;
    case 'exec-end':
      return `user code ends in task ${idOf(event.taskArn)}, ${event.isOk ? 'well' : 'badly'}`;
    case 'exited':
      return `container of task ${idOf(event.taskArn)} exits with ${event.exitCode}`;
    case 'started':
    case 'killed':
    case 'ended':
    case 'failed':
      return `${event.kind}: ${event.text}`;
    case 'world':
      return event.text;
    default:
      return event satisfies never;
  }
}

function runText(run: FlowRun): string {
  const { runId, version, attempt, status, cancel } = run;
  const parts = [`${runId} v${version} a${attempt} ${status}`, ...statusParts(run), ...(cancel ? ['cancel'] : [])];
  return parts.filter((part) => part !== undefined).join(', ');
}

function statusParts(run: FlowRun): readonly (string | undefined)[] {
  switch (run.status) {
    case 'QUEUED':
      return [`placement ${run.placement}`, run.waiting && `waits: ${run.waiting.code}`];
    case 'LAUNCHING':
      return [
        `placement ${run.placement}`,
        `token ${run.intent.request.clientToken.slice(0, 8)}`,
        `lease ${run.lease.epoch}`,
        run.unplaced && `unplaced: ${run.unplaced.reason.code}`,
      ];
    case 'STARTING':
    case 'RUNNING':
      return [taskPart(run.task), ...(run.status === 'RUNNING' ? runningParts(run) : []), stoppingPart(run)];
    default:
      return [run.task && taskPart(run.task), `because ${run.reason.code}: ${run.reason.message}`];
  }
}

function runningParts({ claim, result }: RunningRun): readonly (string | undefined)[] {
  return [claim && `claimed by ${idOf(claim.taskArn)}`, result && `result ${result.status}`];
}

function taskPart({ taskArn }: { readonly taskArn: string }): string {
  return `task ${idOf(taskArn)}`;
}

function stoppingPart({ stopping }: StartingRun | RunningRun): string | undefined {
  return stopping && `stopping ${stopping.reason.code}`;
}

function idOf(taskArn: string): string {
  return taskArn.slice(-4);
}
