import { createHash } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import type { Failure, TokenRecord } from '../state/records.ts';
import { taskView } from '../tasks/task-view.ts';
import type { RunTaskInput } from './run-task-shape.ts';

const FAILURES_TOLD_MS = 3_600_000;

/** A token is bound within its cluster only (Amazon ECS API Reference, `ECS_Idempotency`). */
export function tokenKeyOf(cluster: string, clientToken: string): string {
  return `${cluster}\n${clientToken}`;
}

/**
 * Digest of everything that makes two requests different: the definition as resolved, so that a bare family that has
 * got a new revision is another request; not how the cluster is named.
 */
export function fingerprintOf(input: RunTaskInput, definitionArn: string): string {
  const { clientToken: _token, cluster: _cluster, taskDefinition: _reference, ...rest } = input;
  return createHash('sha256').update(definitionArn).update(sortedJson(rest)).digest('base64');
}

/**
 * The answer to a request whose token is bound already: the original result, or a `ConflictException` with the tasks
 * of the original request when the parameters are not the same.
 */
export function replay(store: EcsStore, token: TokenRecord, fingerprint: string): unknown {
  if (token.fingerprint !== fingerprint) {
    throw new AwsError(
      'ConflictException',
      'The request could not be processed because the client token was already used with different parameters.',
      { members: { resourceIds: token.taskArns } },
    );
  }
  return {
    tasks: token.taskArns.map((arn) => replayedTask(store, arn)),
    failures: replayedFailures(store.now(), token),
  };
}

/** Tasks that have stopped come back with no more than their ARN and states. */
function replayedTask(store: EcsStore, arn: string): unknown {
  const task = store.state.tasks.get(arn);
  if (task && task.lastStatus !== 'STOPPED') return taskView(task, store.arns, { withTags: true });
  return { taskArn: arn, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' };
}

/** Failures older than an hour come back as their number only. */
function replayedFailures(now: number, { createdAt, failures }: TokenRecord): readonly Failure[] {
  return now < createdAt + FAILURES_TOLD_MS ? failures : failures.map(() => ({}));
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
