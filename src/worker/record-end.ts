import { recordResult } from '../core/claim-start.ts';
import type { Json } from '../core/json.ts';
import type { FlowRun, Traceback, WorkerResult } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { backOff } from './backoff.ts';
import type { AttemptOfTask } from './claim-attempt.ts';
import type { Ending } from './ending.ts';

export interface RecordDeps {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** What goes on record beside how it ended. */
export interface EndFacts {
  readonly output?: Json | undefined;
  readonly traceback?: Traceback | undefined;
}

const TRIES = 12;

/** Not to be cut short by a signal: the record is what the worker still owes when it is asked to end. */
const NEVER = new AbortController().signal;

/**
 * Puts the worker's last word on record; false if that could not be done or is no longer this task's to do. Without it a
 * run cannot be SUCCEEDED, so it is worth many tries.
 */
export async function recordEnd(
  deps: RecordDeps,
  own: AttemptOfTask,
  ending: Ending,
  facts: EndFacts = {},
): Promise<boolean> {
  const { clock, log } = deps;
  const at = clock.now();
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      const recorded = await tryOnce(deps, own, (run) => resultOf(run, ending, facts, at));
      if (recorded !== 'lost-race') return recorded;
    } catch (error) {
      log.warn('worker.record-failed', { error: describeError(error), count: tries });
      if (tries < TRIES) await backOff(clock, tries, NEVER);
    }
  }
  return false;
}

async function tryOnce(
  { store, log }: RecordDeps,
  { runId, attempt, taskArn }: AttemptOfTask,
  say: (run: FlowRun) => WorkerResult,
): Promise<boolean | 'lost-race'> {
  const run = await store.get(runId);
  if (run === undefined) throw new Error(`run ${runId} is no longer on record`);
  const result = say(run);
  // A write whose answer never came may have arrived all the same.
  if ('result' in run && run.attempt === attempt && run.result?.at === result.at) return true;
  const next = recordResult(run, taskArn, result);
  if (next === undefined) {
    log.warn('worker.record-refused', { status: run.status });
    return false;
  }
  return (await store.move(run, next)) === undefined ? 'lost-race' : true;
}

function resultOf({ cancel }: FlowRun, ending: Ending, { output, traceback }: EndFacts, at: number): WorkerResult {
  switch (ending.kind) {
    case 'succeeded':
      return { status: 'SUCCEEDED', exitCode: 0, at, ...(output === undefined ? {} : { output }) };
    case 'failed':
      return {
        status: 'FAILED',
        exitCode: ending.exitCode,
        message: ending.message,
        at,
        ...(traceback && { traceback }),
      };
    case 'interrupted': {
      const { exitCode, message } = ending;
      if (cancel === undefined) return { status: 'FAILED', exitCode, message, at };
      return { status: 'CANCELLED', exitCode, message: `cancelled by ${cancel.by}: ${cancel.reason}`, at };
    }
    default:
      return ending satisfies never;
  }
}
