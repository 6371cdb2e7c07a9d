import { formatFault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import { parseRunRequest } from '../core/parse-run-request.ts';
import { derivedRunId } from '../core/run-identity.ts';
import { newRunId } from './run-id.ts';
import { usageError } from './user-error.ts';

/** What the flags of `slipway run` say. */
export interface RunWish {
  readonly flow: string;
  readonly flowVersion?: string | undefined;
  readonly parameters: JsonMap;
  readonly environment?: string | undefined;
  readonly profile?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly runId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly priority?: number | undefined;
}

export interface RunMessage {
  readonly runId: string;
  /** The body of DESIGN 7.1. */
  readonly body: string;
}

/**
 * The message that asks for the run, checked as the agent will check it. The id is chosen here, so that it is known at
 * once; with an idempotency key it follows from the key, so that a second wish finds the first one's run.
 */
export function runMessage(wish: RunWish, by: string | undefined): RunMessage {
  const { flow, flowVersion, parameters, environment, profile, label, idempotencyKey, priority } = wish;
  const runId = wish.runId ?? (idempotencyKey === undefined ? newRunId() : undefined);
  const body = JSON.stringify({
    flow,
    flowVersion,
    runId,
    idempotencyKey,
    environment,
    parameters,
    runConfig: profile === undefined ? undefined : { profile },
    labels: label,
    priority,
    trigger: { source: 'cli', by },
  });
  const parsed = parseRunRequest(body);
  if (!parsed.ok) throw usageError(parsed.error.map(formatFault).join('\n'), 'slipway run --help');
  return { runId: runId ?? derivedRunId('key', idempotencyKey ?? ''), body };
}
