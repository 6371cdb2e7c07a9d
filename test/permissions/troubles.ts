import { adviceOn } from '../../src/core/advice.ts';
import { type FinishedRun, type FlowRun, isFinished } from '../../src/core/run.ts';
import type { Scene } from './demo-scenes.ts';

/** A line in which somebody is told that something is wrong. */
export interface Trouble {
  /** Epoch ms. */
  readonly at: number;
  readonly where: 'agent log' | 'task log' | 'run';
  readonly line: string;
  /** What it says of the cause. */
  readonly words: string;
  /** The event of a log line, the code of a run's reason. */
  readonly event: string;
  /** What mends it, as it is told beside the line. */
  readonly fix: string | undefined;
}

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly error?: string;
  readonly evidence?: string;
  readonly fix?: string;
}

/** The lines of a JSON log from `warn` upwards. */
export function troublesInLog(where: Trouble['where'], lines: readonly string[]): readonly Trouble[] {
  return lines.flatMap((line) => {
    const said = readLine(line);
    if (said === undefined || !['warn', 'error', 'fatal'].includes(said.level)) return [];
    const { time, event, error, evidence, fix } = said;
    return [{ at: Date.parse(time), where, line: line.trim(), words: error ?? evidence ?? '', event, fix }];
  });
}

/** Runs that have ended otherwise than they should. */
export function troublesOfRuns(runs: readonly FlowRun[], scenes: readonly Scene[]): readonly Trouble[] {
  const wanted = new Map(scenes.flatMap(({ run }) => (run === undefined ? [] : [[run.runId, run.code]])));
  return runs
    .filter(isFinished)
    .filter((run) => run.reason.code !== (wanted.get(run.runId) ?? expectedElsewhere(run)))
    .map((run) => ({
      at: run.finishedAt,
      where: 'run',
      line: `${run.runId} ${run.status} ${run.reason.code}: ${tellingLine(run)}`,
      words: tellingLine(run),
      event: run.reason.code,
      fix: adviceOn(run.reason),
    }));
}

/** The demo's malformed message has a run of its own making, and its schedule one of a name that only the tick knows. */
function expectedElsewhere({ request }: FinishedRun): string {
  return request.flow === 'scheduled' ? 'SUCCEEDED' : 'INVALID_REQUEST';
}

/** The first line of the reason in which AWS denies something; else its first line. */
function tellingLine({ reason }: FinishedRun): string {
  const lines = `${reason.message}\n${reason.evidence ?? ''}`.split('\n');
  return lines.find((line) => line.includes('not authorized')) ?? lines[0] ?? '';
}

function readLine(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLogLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === 'object' && value !== null && 'event' in value && 'level' in value && 'time' in value;
}
