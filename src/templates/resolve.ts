import type { Adjustment } from '../core/adjust-attempt.ts';
import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import type { PlannedUpload } from '../core/launch-plan.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { TickValues } from '../core/schedules/tick-values.ts';
import { choiceWithout, doubledParts, profileParts } from './adjusted-parts.ts';
import { child, type MapNode, type ScalarNode, textOf } from './config-node.ts';
import { definitionOfRun } from './definition-of-run.ts';
import { depPackagesOf } from './dep-packages.ts';
import type { FinishedDefinition } from './finish-definition.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { type MergedRun, mergeRun } from './merge-run.ts';
import { buildOverrides } from './overrides.ts';
import { containerNamed, type Part } from './part.ts';
import { partsOf, type Surroundings } from './parts-of.ts';
import { placeParameters } from './place-parameters.ts';
import type { PlaceholderValues } from './placeholder.ts';
import type { Prepared } from './prepare.ts';
import { preparedFor, withoutStructural } from './prepared-cache.ts';
import { requestConfig } from './request-layer.ts';
import type { AttemptInput } from './reserved-environment.ts';
import { runTaskOf } from './run-task.ts';
import { runsWorker } from './runs-worker.ts';
import { checkLaunch } from './validate/launch.ts';
import { workerPipesFaults } from './validate/worker-pipes.ts';
import { findFlow, type Workspace } from './workspace.ts';

/** What planning is given: one attempt of one run. */
export interface PlanInput extends AttemptInput, Surroundings {
  readonly placement: number;
  /** Of the tick that made the run. A schedule is the flow's own: its request may say anything. */
  readonly tick?: TickValues;
  /** What this attempt does otherwise, after what became of those before it. */
  readonly adjustment?: Adjustment;
}

/** How an attempt runs: the two requests as nodes, every leaf with its origin and what it overrode. */
export interface RunConfig {
  readonly flow: FlowDefinition;
  readonly definition:
    | { readonly kind: 'register'; readonly finished: FinishedDefinition }
    | { readonly kind: 'named'; readonly taskDefinition: ScalarNode };
  /** All of RunTask but the task definition, the token and `startedBy`. */
  readonly runTask: MapNode;
  readonly cluster: string;
  readonly container: string;
  readonly worker: boolean;
  /** The parameters with the defaults of the flow's schema. */
  readonly parameters: JsonMap;
  readonly uploads: readonly PlannedUpload[];
  /** What is allowed, but probably not meant. */
  readonly warnings: readonly Fault[];
}

/** Resolves an attempt: layers merged, values placed, the result checked. All faults of the request together. */
export function resolveRun(workspace: Workspace, input: PlanInput): Result<RunConfig, readonly Fault[]> {
  const found = findFlow(workspace, input.request.flow);
  if (!found.ok) return found;
  const flow = found.value;
  const request = readRequest(flow, input);
  if (!request.ok) return request;
  const { config, parameters } = request.value;
  const { environment } = input.request;
  const prepared = preparedFor(workspace, flow, environment, config, input);
  if (!prepared.ok) return prepared;
  const own = ownParts(workspace, prepared.value, config, input);
  if (!own.ok) return own;
  const packages = depPackagesOf(workspace.agent, flow, input.request);
  if (!packages.ok) return packages;
  const values = {
    parameters,
    runId: input.runId,
    ...(environment === undefined ? {} : { environment }),
    ...(input.tick ? { tick: input.tick } : {}),
  };
  const merged = mergeAdjusted(workspace, prepared.value, own.value, values, input.adjustment ?? {});
  if (!merged.ok) return merged;
  return place(workspace, flow, prepared.value, merged.value, { ...input, parameters, depPackageUris: packages.value });
}

/** The size to be doubled is known once everything else is merged; a definition that exists already does not tell its own. */
function mergeAdjusted(
  workspace: Workspace,
  prepared: Prepared,
  own: readonly Part[],
  values: PlaceholderValues,
  adjustment: Adjustment,
): Result<MergedRun, readonly Fault[]> {
  const { doublings } = adjustment;
  const merged = mergeRun(prepared, own, values);
  if (!merged.ok) return merged;
  const larger =
    doublings === undefined || prepared.base.kind === 'named'
      ? ok([])
      : doubledParts(workspace, prepared.main, merged.value, doublings);
  if (!larger.ok) return larger;
  const again = larger.value.length === 0 ? merged : mergeRun(prepared, [...own, ...larger.value], values);
  return again.ok ? ok({ ...again.value, choice: choiceWithout(again.value, adjustment) }) : again;
}

function readRequest(
  flow: FlowDefinition,
  { request, tick }: PlanInput,
): Result<{ config: MapNode; parameters: JsonMap }, readonly Fault[]> {
  const wrongVersion = request.flowVersion !== 'latest' && request.flowVersion !== flow.version;
  const message = `flow "${flow.flow}" is here in version ${flow.version}, not ${request.flowVersion}`;
  const faults: readonly Fault[] = wrongVersion ? [{ place: { file: 'request' }, message }] : [];
  const config = requestConfig(request, flow, tick !== undefined);
  // What is in S3 is the worker's to read; it cannot be checked from here.
  const parameters = request.parametersS3Uri === undefined ? flow.checkParameters(request.parameters) : ok({});
  if (config.ok && parameters.ok && !wrongVersion) return ok({ config: config.value, parameters: parameters.value });
  return err([...faults, ...(config.ok ? [] : config.error), ...(parameters.ok ? [] : parameters.error)]);
}

/** What the request says, and the profile that an escalation puts over it. */
function ownParts(
  workspace: Workspace,
  { main }: Prepared,
  config: MapNode,
  { adjustment = {} }: PlanInput,
): Result<readonly Part[], readonly Fault[]> {
  const said = withoutStructural(config);
  const request = said.entries.size === 0 ? ok([]) : partsOf(workspace, { name: 'request', config: said }, main, {});
  if (!request.ok) return request;
  const escalation = profileParts(workspace, main, adjustment.profile);
  return escalation.ok ? ok([...request.value, ...escalation.value]) : escalation;
}

function place(
  workspace: Workspace,
  flow: FlowDefinition,
  prepared: Prepared,
  merged: MergedRun,
  input: PlanInput & { readonly parameters: JsonMap },
): Result<RunConfig, readonly Fault[]> {
  const { main } = prepared;
  const definition = definitionFor(workspace, flow, prepared, merged);
  const finished = definition.kind === 'register' ? definition.finished : undefined;
  const overrides = buildOverrides(merged, main, finished?.node);
  const stop = finished && stopTimeoutOf(finished, main);
  const attempt = stop === undefined ? input : { ...input, stopTimeoutSeconds: stop };
  const placed = placeParameters(workspace, flow, attempt, overrides.node, main);
  if (!placed.ok) return err([...overrides.faults, ...(finished?.faults ?? []), ...placed.error]);
  const runTask = runTaskOf(merged, placed.value.overrides, finished?.node, { flow: flow.flow, runId: input.runId });
  const worker = runsWorker(flow, finished?.node, main);
  const faults = [
    ...overrides.faults,
    ...checkLaunch(finished, runTask, merged.choice, prepared.open),
    ...(worker ? workerPipesFaults(flow, main, finished?.node, overrides.node) : []),
  ];
  if (faults.length > 0) return err(faults);
  return ok({
    flow,
    definition,
    runTask,
    cluster: textOf(runTask, 'cluster') ?? 'default',
    container: main,
    worker,
    parameters: input.parameters,
    uploads: placed.value.uploads,
    warnings: prepared.warnings,
  });
}

/** Seconds (API ContainerDefinition); ECS's own default where nobody says. */
function stopTimeoutOf({ node }: FinishedDefinition, main: string): number | undefined {
  const container = containerNamed(node, main);
  const written = container && child(container, 'stopTimeout');
  return written?.kind === 'scalar' && typeof written.value === 'number' ? written.value : undefined;
}

function definitionFor(
  workspace: Workspace,
  flow: FlowDefinition,
  { base }: Prepared,
  merged: MergedRun,
): RunConfig['definition'] {
  if (base.kind === 'named') return { kind: 'named', taskDefinition: base.taskDefinition };
  const prefix = textOf(child(workspace.agent.document, 'ecs'), 'familyPrefix') ?? 'slipway';
  return { kind: 'register', finished: definitionOfRun(merged, flow, prefix) };
}
