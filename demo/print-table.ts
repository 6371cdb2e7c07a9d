import { type FinishedRun, type FlowRun, isFinished } from '../src/core/run.ts';
import { say } from './say.ts';
import { coloured } from './watch-runs.ts';

const STATUS_WIDTH = 10;
const COLUMNS = [26, 12, STATUS_WIDTH, 9, 34];

/** The runs with what became of them, and whether their task definition was made for them or was there already. */
export function printTable(runs: readonly FlowRun[]): void {
  const firstUsers = firstUsersOf(runs);
  say('');
  say(row(['RUN', 'FLOW', 'STATUS', 'DURATION', 'TASK DEFINITION', 'REASON']));
  for (const run of runs) {
    const cells = isFinished(run) ? [duration(run), definitionCell(run, firstUsers), reasonCell(run)] : ['-', '-', '-'];
    say(row([run.runId, run.request.flow, coloured(run.status, STATUS_WIDTH), ...cells]));
  }
  say('');
}

/** Task definition → the run that was launched with it first. */
function firstUsersOf(runs: readonly FlowRun[]): ReadonlyMap<string, string> {
  const latestFirst = [...runs].sort((a, b) => launchedAt(b) - launchedAt(a));
  return new Map(latestFirst.map((run) => [definitionOf(run) ?? '', run.runId]));
}

function duration({ requestedAt, finishedAt }: FinishedRun): string {
  return `${((finishedAt - requestedAt) / 1000).toFixed(1)} s`;
}

function definitionCell(run: FinishedRun, firstUsers: ReadonlyMap<string, string>): string {
  const definition = definitionOf(run);
  if (definition === undefined) return '-';
  return `${definition} (${firstUsers.get(definition) === run.runId ? 'new' : 'reused'})`;
}

function reasonCell({ reason }: FinishedRun): string {
  return `${reason.code}: ${reason.message}`.slice(0, 90);
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0))
    .join('  ')
    .trimEnd();
}

function definitionOf(run: FlowRun): string | undefined {
  if (run.status === 'QUEUED') return undefined;
  return run.intent?.request.taskDefinition.split('/').at(-1);
}

function launchedAt(run: FlowRun): number {
  return run.status === 'QUEUED' ? 0 : (run.intent?.createdAt ?? 0);
}
