import { styleText } from 'node:util';
import { type FlowRun, isFinished, type RunStatus } from '../src/core/run.ts';
import type { DemoClient } from './demo-client.ts';
import { CANCELLED_RUN } from './messages.ts';
import { say } from './say.ts';

const GIVE_UP_AFTER_MS = 50_000;

/** Messages that make no run of their own: the duplicate. */
const WITHOUT_RUN = 1;

/** Prints each change of each run until all have ended; cancels one that is to be cancelled as soon as it runs. */
export async function watchRuns(client: DemoClient, messages: number): Promise<readonly FlowRun[]> {
  const began = Date.now();
  const shown = new Map<string, RunStatus>();
  for (;;) {
    const runs = await client.runs();
    for (const run of runs.filter(({ runId, status }) => shown.get(runId) !== status)) {
      shown.set(run.runId, run.status);
      say(progressLine(run, Date.now() - began));
      if (isToCancel(run)) await client.cancel(run.runId);
    }
    const ended = runs.filter(isFinished).length;
    if (ended === messages - WITHOUT_RUN || Date.now() - began > GIVE_UP_AFTER_MS) return runs;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function isToCancel({ runId, status }: FlowRun): boolean {
  return runId === CANCELLED_RUN && status === 'RUNNING';
}

const COLOURS: Partial<Record<RunStatus, 'green' | 'red' | 'yellow' | 'cyan'>> = {
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  CRASHED: 'red',
  CANCELLED: 'yellow',
};

export function coloured(status: RunStatus, width = 0): string {
  const colour = COLOURS[status];
  const text = status.padEnd(width);
  return colour === undefined || !process.stdout.isTTY ? text : styleText(colour, text);
}

function progressLine(run: FlowRun, ms: number): string {
  const seconds = (ms / 1000).toFixed(1).padStart(5);
  return `${seconds} s  ${run.runId.padEnd(26)}  ${run.request.flow.padEnd(12)}  ${coloured(run.status)}`;
}
