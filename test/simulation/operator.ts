import { createHash } from 'node:crypto';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { derivedRunId } from '../../src/core/run-identity.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { BEGINNING } from './event-queue.ts';
import { Process } from './process.ts';
import type { RunPlan, Scenario } from './scenario.ts';
import { TABLE, tableClient } from './services/table-client.ts';
import type { Surroundings } from './surroundings.ts';

/** More than a record holds: it goes to S3. */
const LARGE = 101_000;

const CANCEL_TRIES = 20;
const NEVER = new AbortController().signal;

/** The last message of a run is sent so long after its first. */
export const LATEST_COPY_MS = 5_000;

/** Producers and the person at the command line: they send requests and cancel runs. */
export function scheduleOperator(scenario: Scenario, surroundings: Surroundings): void {
  const { queue, seed, wire, table } = surroundings;
  const operator = new Process(queue, { name: 'operator', skewMs: 0, seed });
  const store = new DynamoRunStore(tableClient(wire, operator, table), TABLE);
  for (const plan of scenario.runs) {
    for (let copy = 0; copy < plan.copies; copy += 1) {
      queue.in(plan.atMs + copy * 700, () => sendRequest(surroundings, plan, plan.badBody ?? bodyOf(plan, 1)));
    }
    if (plan.impostor) queue.in(plan.atMs + LATEST_COPY_MS, () => sendRequest(surroundings, plan, bodyOf(plan, 2)));
    if (plan.cancelAtMs !== undefined) {
      queue.in(plan.cancelAtMs, () => void cancel(store, operator, recordedId(plan)));
    }
  }
}

function bodyOf({ id, flow, identity, labels, notBeforeMs, expiresMs, isLarge }: RunPlan, version: number): string {
  return JSON.stringify({
    flow,
    ...(identity === 'runId' ? { runId: id } : {}),
    ...(identity === 'idempotencyKey' ? { idempotencyKey: id } : {}),
    parameters: { id, version, ...(isLarge ? { padding: 'x'.repeat(LARGE) } : {}) },
    ...(labels === undefined ? {} : { labels }),
    ...(notBeforeMs === undefined ? {} : { notBefore: isoTime(notBeforeMs) }),
    ...(expiresMs === undefined ? {} : { expiresAt: isoTime(expiresMs) }),
  });
}

function isoTime(ms: number): string {
  return new Date(BEGINNING + ms).toISOString();
}

/** The id that the run's record gets; of a message without any, its sender does not know it. */
function recordedId({ id, identity }: RunPlan): string {
  return identity === 'idempotencyKey' ? derivedRunId('key', id) : id;
}

function sendRequest({ requests, history }: Surroundings, plan: RunPlan, body: string): void {
  const parsed = parseRunRequest(body);
  const messageId = requests.nextId;
  const runId = plan.identity === 'message' ? derivedRunId('message', messageId) : recordedId(plan);
  const bodyHash = parsed.ok ? createHash('sha256').update(canonicalJson(parsed.value.body)).digest('hex') : undefined;
  const rejectedId = derivedRunId('message', 'rejected', messageId);
  history.add('producer', { kind: 'sent', messageId, runId, rejectedId, body, bodyHash });
  requests.send(body);
}

/** A person repeats a command that failed. */
async function cancel(store: DynamoRunStore, operator: Process, runId: string): Promise<void> {
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    try {
      await cancelRun(store, { runId, by: 'operator', reason: 'not needed', now: operator.clock.now() });
      return;
    } catch {
      await operator.clock.sleep(30_000, NEVER);
    }
  }
}
