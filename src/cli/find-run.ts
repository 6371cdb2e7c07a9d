import type { FlowRun, RunStatus } from '../core/run.ts';
import { RUN_ID_PATTERN } from '../core/run-identity.ts';
import type { RunQuery, RunStore } from '../core/run-store.ts';
import { EXIT } from './exit-codes.ts';
import { shortIdOf } from './run-id.ts';
import { taskArnOf } from './run-record.ts';
import { UserError, usageError } from './user-error.ts';

const MIN_SUFFIX = 4;

/** A suffix is looked for among so many of the newest runs. */
const RECENT = 1_000;
const PAGE = 100;

const NAMED = /^(.*)@(last|last-failed)$/;
const FAILED: readonly RunStatus[] = ['FAILED', 'CRASHED', 'EXPIRED'];

/**
 * The run that a person means: by its id, the end of its id, its task's ARN or id, or as `@last`, `flow@last`,
 * `@last-failed`, `flow@last-failed`.
 */
export async function findRun(store: RunStore, ref: string, now: number): Promise<FlowRun> {
  const [, flow, which] = NAMED.exec(ref) ?? [];
  if (which !== undefined) return findLast(store, { ...(flow ? { flow } : {}), until: now, limit: PAGE }, which, ref);
  const exact = RUN_ID_PATTERN.test(ref) ? await store.get(ref) : undefined;
  return exact ?? findRecent(store, ref, now);
}

async function findLast(store: RunStore, query: RunQuery, which: string, ref: string): Promise<FlowRun> {
  for await (const run of newest(store, query)) {
    if (which === 'last' || FAILED.includes(run.status)) return run;
  }
  throw notFound(`there is no run that ${ref} could mean`);
}

async function findRecent(store: RunStore, ref: string, now: number): Promise<FlowRun> {
  if (ref.length < MIN_SUFFIX)
    throw usageError(`"${ref}" is too short: give at least the last ${MIN_SUFFIX} characters`, 'slipway runs ls');
  const found: FlowRun[] = [];
  for await (const run of newest(store, { until: now, limit: PAGE })) if (isMeant(run, ref)) found.push(run);
  const [only, ...others] = found;
  if (only === undefined) throw notFound(`there is no run "${ref}" among the last ${RECENT}`);
  if (others.length === 0) return only;
  const names = found.map((run) => `${shortIdOf(run.runId)} ${run.request.flow} (${run.runId})`);
  throw usageError(`"${ref}" may be any of:\n  ${names.join('\n  ')}`, 'give more of the id');
}

function isMeant(run: FlowRun, ref: string): boolean {
  const taskArn = taskArnOf(run);
  if (taskArn !== undefined && (taskArn === ref || taskArn.endsWith(`/${ref}`))) return true;
  return run.runId.toLowerCase().endsWith(ref.toLowerCase());
}

async function* newest(store: RunStore, query: RunQuery): AsyncGenerator<FlowRun> {
  let seen = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.runs;
    seen += page.runs.length;
    cursor = page.cursor;
  } while (cursor !== undefined && seen < RECENT);
}

function notFound(message: string): UserError {
  return new UserError(message, { exitCode: EXIT.notFound, next: 'slipway runs ls' });
}
