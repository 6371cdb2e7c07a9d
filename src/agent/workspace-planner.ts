import { adjustmentAfter, adjustmentText } from '../core/adjust-attempt.ts';
import type { Fault } from '../core/fault.ts';
import type { FileStore } from '../core/file-store.ts';
import { isJsonMap } from '../core/json.ts';
import { labelsMatch } from '../core/labels-match.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { QueuedRun } from '../core/run.ts';
import type { RunRequest } from '../core/run-request.ts';
import { tickValuesOf } from '../core/schedules/tick-values.ts';
import { spillPrefix } from '../runs/accept-message.ts';
import type { PlannedLaunch, Planner, PlanProblem } from '../runs/plan.ts';
import type { FlowDefinition } from '../templates/flow-definition.ts';
import { planRun } from '../templates/plan-run.ts';
import { retentionOf } from '../templates/retention-of.ts';
import { slotsOfRun } from '../templates/slots-of-run.ts';
import type { Workspace } from '../templates/workspace.ts';
import type { ArtifactPublisher } from './artifact-publisher.ts';
import type { LaunchSurroundings } from './launch-surroundings.ts';
import { type PublishedFlows, wantedFlow } from './published-flows.ts';

export interface PlannerOptions {
  readonly workspace: () => Workspace;
  readonly flows: Pick<PublishedFlows, 'find'>;
  readonly artifacts: ArtifactPublisher;
  readonly files: FileStore;
  readonly surroundings: Pick<LaunchSurroundings, 'find'>;
}

/** Plans runs by the workspace as it is at that moment. */
export function workspacePlanner(options: PlannerOptions): Planner {
  return async (run) => {
    const now = options.workspace();
    if (!labelsMatch(now.agent, run.request.labels)) return 'not-ours';
    const found = await options.flows.find(now, wantedFlow(run));
    if (!found.ok) return err({ code: 'FLOW_NOT_FOUND', faults: found.error });
    const { workspace, flow } = found.value;
    if (!labelsMatch(now.agent, [...flow.labels, ...run.request.labels])) return 'not-ours';
    return plan(workspace, flow, run, options);
  };
}

async function plan(
  workspace: Workspace,
  flow: FlowDefinition,
  run: QueuedRun,
  { artifacts, surroundings, files }: PlannerOptions,
): Promise<Result<PlannedLaunch, PlanProblem>> {
  const artifact = await artifacts.publish(flow, workspace.agent.bucket);
  if (!artifact.ok) return err({ code: 'INVALID_CONFIG', faults: [artifact.error] });
  const around = await surroundings.find(workspace.agent);
  if (!around.ok) return err({ code: 'INVALID_CONFIG', faults: [around.error] });
  const request = await withParameters(run.request, workspace.agent.bucket, files);
  if (!request.ok) return err({ code: 'INVALID_REQUEST', faults: [request.error] });
  const { runId, attempt, placement, tick } = run;
  const uri = artifact.value === undefined ? {} : { artifactS3Uri: artifact.value };
  const ticked = tick === undefined ? {} : { tick: tickValuesOf(tick) };
  const adjustment = adjustmentAfter(run.attempts, flow.retries.CRASHED);
  const identity = { runId, attempt, placement, adjustment, ...ticked };
  const slots = slotsOfRun(workspace.agent, flow, { runId, request: request.value });
  if (!slots.ok) return err({ code: codeOf(slots.error), faults: slots.error });
  const planned = planRun(workspace, { ...around.value, request: request.value, ...identity, ...uri });
  if (!planned.ok) return err({ code: codeOf(planned.error), faults: planned.error });
  const { queueMs } = flow.timeouts;
  return ok({
    plan: planned.value,
    flowVersion: flow.version,
    policy: { ...flow.policy, ...retentionOf(workspace.agent) },
    adjusted: adjustmentText(adjustment),
    slots: slots.value,
    ...(queueMs === undefined ? {} : { queueTimeoutMs: queueMs }),
  });
}

/** Faults of what the request says are the sender's to mend, all others the operator's. */
function codeOf(faults: readonly Fault[]): PlanProblem['code'] {
  return faults.every(({ place }) => place?.file === 'request') ? 'INVALID_REQUEST' : 'INVALID_CONFIG';
}

/**
 * Parameters that a record could not hold are read back from where they were put when the request was accepted, and checked
 * like any others. Those that a producer has put somewhere itself are the flow's own to read.
 */
async function withParameters(
  request: RunRequest,
  bucket: string | undefined,
  files: FileStore,
): Promise<Result<RunRequest, Fault>> {
  const { parametersS3Uri: uri, ...rest } = request;
  if (uri === undefined || bucket === undefined || !uri.startsWith(spillPrefix(bucket))) return ok(request);
  const bytes = await files.get(uri);
  const parsed = bytes && parseJsonText(Buffer.from(bytes).toString('utf8'));
  if (parsed?.ok && isJsonMap(parsed.value)) return ok({ ...rest, parameters: parsed.value });
  return err({
    place: { file: uri },
    message: bytes === undefined ? 'the parameters are gone' : 'holds no parameters',
  });
}
