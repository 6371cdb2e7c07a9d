import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import { type Fault, formatFault } from '../core/fault.ts';
import type { FileStore } from '../core/file-store.ts';
import { mayRun, type Senders } from '../core/may-run.ts';
import { type ParsedRunRequest, parseRunRequest } from '../core/parse-run-request.ts';
import type { QueueMessage } from '../core/request-queue.ts';
import type { FinishedRun, FlowRun, QueuedRun } from '../core/run.ts';
import { derivedRunId } from '../core/run-identity.ts';
import type { RunRequest } from '../core/run-request.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Reason } from '../core/verdict.ts';

/** What holds a run back, or says who may take it. */
export type RunNeeds = Pick<QueuedRun, 'slots' | 'wants' | 'queueTimeoutMs'>;

export interface AcceptDeps {
  readonly store: RunStore;
  readonly files: FileStore;
  /** `s3://bucket/prefix` for parameters that a record cannot hold; without one they are refused. */
  readonly bucket: string | undefined;
  /** Who may run what, as it is now; everybody everything if there is no such map. */
  readonly senders?: () => Senders | undefined;
  /** Of runs whose request says no priority: that of its queue; 0 if left out. */
  readonly priority?: number;
  readonly now: () => number;
  readonly by: string;
  /** What a run needs besides, as far as it is known here: it queues with others that wait for the same. */
  readonly needsOf?: (request: RunRequest, runId: string) => RunNeeds;
}

export type AcceptOutcome =
  /** On record; `isNew` tells a first delivery from a repeated one. */
  | { readonly kind: 'accepted'; readonly run: FlowRun; readonly isNew: boolean }
  /** On record as FAILED: the body wishes for nothing that can be run. */
  | { readonly kind: 'rejected'; readonly run: FlowRun; readonly why: string };

/** A record ends at 400 KB (DynamoDB, "Constraints"), and has more to hold than the parameters. */
const MAX_PARAMETERS_BYTES = 100_000;

/** Parameters that are kept on the record included. */
const MAX_REQUEST_BYTES = 200_000;

/** What is told of the faults of a body: the first ones, and not more than a record can hold. */
const MAX_FAULTS = 20;
const MAX_FAULT_CHARACTERS = 4_096;

/** What is kept of a body that cannot be read. */
const KEPT_BODY_CHARACTERS = 4_096;

/** Puts what a message says on record. After this the message may leave the queue: whatever it said is known. */
export async function acceptMessage(deps: AcceptDeps, message: QueueMessage): Promise<AcceptOutcome> {
  const parsed = parseRunRequest(message.body);
  if (!parsed.ok) return reject(deps, message, { code: 'INVALID_REQUEST', message: faultText(parsed.error) });
  const { flow } = parsed.value.request;
  if (!mayRun(deps.senders?.(), message.senderId, flow)) {
    const why = `the sender ${message.senderId ?? '(unknown)'} may not run the flow ${flow}`;
    return reject(deps, message, { code: 'SENDER_NOT_ALLOWED', message: why });
  }
  const runId = runIdOf(parsed.value.request, message);
  const bodyHash = sha256(canonicalJson(parsed.value.body));
  const request = await spillParameters(deps, runId, withPriority(parsed.value, deps.priority));
  if (request === undefined) {
    const why = 'the parameters are larger than 100 KB, and the agent has no bucket to keep them in';
    return reject(deps, message, { code: 'INVALID_REQUEST', message: why });
  }
  const size = Buffer.byteLength(JSON.stringify(request));
  if (size > MAX_REQUEST_BYTES) {
    const why = `without its parameters the request has ${size} bytes, and a record holds ${MAX_REQUEST_BYTES} of them`;
    return reject(deps, message, { code: 'INVALID_REQUEST', message: why });
  }
  const needs = deps.needsOf?.(parsed.value.request, runId) ?? {};
  const accepted = await deps.store.accept({
    ...queuedRun(deps, runId, request, bodyHash),
    ...needs,
  });
  if (accepted.run.bodyHash !== bodyHash) {
    const why = `run id ${runId} is on record with another body`;
    return reject(deps, message, { code: 'RUN_ID_REUSED', message: why });
  }
  return { kind: 'accepted', ...accepted };
}

/** The producer's id; else what makes two deliveries of one wish the same run. */
function runIdOf(request: RunRequest, { messageId }: QueueMessage): string {
  if (request.runId !== undefined) return request.runId;
  return request.idempotencyKey === undefined
    ? derivedRunId('message', messageId)
    : derivedRunId('key', request.idempotencyKey);
}

/** The body stays as it was sent: one wish on two queues is one wish. */
function withPriority(parsed: ParsedRunRequest, priority = 0): ParsedRunRequest {
  return Object.hasOwn(parsed.body, 'priority') ? parsed : { ...parsed, request: { ...parsed.request, priority } };
}

/** The file is written before the record points to it; writing it twice is harmless. */
async function spillParameters(
  { files, bucket }: AcceptDeps,
  runId: string,
  { request }: ParsedRunRequest,
): Promise<RunRequest | undefined> {
  const body = JSON.stringify(request.parameters);
  if (Buffer.byteLength(body) <= MAX_PARAMETERS_BYTES) return request;
  if (bucket === undefined) return undefined;
  const uri = `${spillPrefix(bucket)}${runId}/${sha256(body).slice(0, 16)}.json`;
  await files.put(uri, body, { contentType: 'application/json' });
  return { ...request, parameters: {}, parametersS3Uri: uri };
}

/** Where parameters are put that a record cannot hold. */
export function spillPrefix(bucket: string): string {
  return `${bucket.replace(/\/$/, '')}/accepted/`;
}

function queuedRun({ now, by }: AcceptDeps, runId: string, request: RunRequest, bodyHash: string): QueuedRun {
  const at = now();
  return {
    runId,
    version: 1,
    request,
    bodyHash,
    requestedAt: at,
    attempt: 1,
    attempts: [],
    history: [{ status: 'QUEUED', attempt: 1, at, by }],
    status: 'QUEUED',
    notBefore: Math.max(at, request.notBefore ?? 0),
    placement: 0,
  };
}

/** A body that cannot be run is a FAILED run with an id of its message, so that nothing that was sent is without a trace. */
async function reject(deps: AcceptDeps, message: QueueMessage, reason: Reason): Promise<AcceptOutcome> {
  const at = deps.now();
  const run: FinishedRun = {
    runId: derivedRunId('message', 'rejected', message.messageId),
    version: 1,
    request: unreadableRequest(message),
    bodyHash: sha256(message.body),
    requestedAt: at,
    attempt: 1,
    attempts: [],
    history: [{ status: 'FAILED', attempt: 1, at, by: deps.by, code: reason.code }],
    status: 'FAILED',
    finishedAt: at,
    reason: { ...reason, evidence: message.body.slice(0, KEPT_BODY_CHARACTERS) },
  };
  const { run: recorded } = await deps.store.accept(run);
  return { kind: 'rejected', run: recorded, why: `${reason.code}: ${reason.message}` };
}

function unreadableRequest(message: QueueMessage): RunRequest {
  return {
    flow: '(unreadable)',
    flowVersion: 'latest',
    org: 'default',
    parameters: {},
    runConfig: {},
    labels: [],
    priority: 0,
    trigger: { source: 'queue' },
    metadata: { messageId: message.messageId },
  };
}

function faultText(faults: readonly Fault[]): string {
  const told = faults.slice(0, MAX_FAULTS).map(formatFault);
  const more = faults.length > told.length ? [`and ${faults.length - told.length} more`] : [];
  const text = [...told, ...more].join('; ');
  return text.length > MAX_FAULT_CHARACTERS ? `${text.slice(0, MAX_FAULT_CHARACTERS)}…` : text;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
