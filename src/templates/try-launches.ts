import { type Fault, formatFault } from '../core/fault.ts';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import type { RunRequest } from '../core/run-request.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { tickValuesOf } from '../core/schedules/tick-values.ts';
import { child, itemsOf } from './config-node.ts';
import { exampleValue } from './example-value.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { inheritOf, type Surroundings } from './parts-of.ts';
import { resolveRun } from './resolve.ts';
import { runTickOf, tickRequest } from './tick-request.ts';
import type { Workspace } from './workspace.ts';

/** What comes of trying the launches that a configuration describes. */
export interface TriedLaunches {
  readonly faults: readonly Fault[];
  /** What is allowed, but probably not meant. */
  readonly warnings: readonly Fault[];
}

const TICK_AT = Date.parse('2026-01-01T00:00:00Z');

/**
 * Resolves an example launch of every flow in every environment, so that faults show which only the layers together have:
 * sizes, roles, networks, placeholders. Asks nobody.
 */
export function tryLaunches(workspace: Workspace): TriedLaunches {
  const tried = [...workspace.flows.values()].map((flow) => tryFlow(workspace, flow));
  return {
    faults: distinct(tried.flatMap(({ faults }) => faults)),
    warnings: distinct(tried.flatMap(({ warnings }) => warnings)),
  };
}

function tryFlow(workspace: Workspace, flow: FlowDefinition): TriedLaunches {
  const ticked = flow.schedules.map((schedule, index) => tryTick(workspace, flow, schedule, index));
  const asked = tryRequests(workspace, flow);
  return {
    faults: [...asked.faults, ...ticked.flatMap(({ faults }) => faults)],
    warnings: [...asked.warnings, ...ticked.flatMap(({ warnings }) => warnings)],
  };
}

/** The run of a tick: its parameters and what else the schedule says. */
function tryTick(workspace: Workspace, flow: FlowDefinition, schedule: Schedule, index: number): TriedLaunches {
  const tick = runTickOf(schedule, TICK_AT);
  const request = tickRequest(schedule, tick, 'example');
  const identity = { runId: 'example', attempt: 1, placement: 0, tick: tickValuesOf(tick) };
  const config = resolveRun(workspace, { ...standIns(workspace), ...identity, request });
  const place = itemsOf(flow.document, 'schedules')[index]?.origin ?? flow.document.origin;
  const inPlace = (fault: Fault): Fault => (fault.place?.file === 'request' ? { ...fault, place } : fault);
  return config.ok
    ? { faults: [], warnings: config.value.warnings.map(inPlace) }
    : { faults: config.error.map(inPlace), warnings: [] };
}

function tryRequests(workspace: Workspace, flow: FlowDefinition): TriedLaunches {
  const parameters = exampleParameters(flow);
  if (parameters === undefined) {
    const message = `no example of the parameters of "${flow.flow}" could be made: its launch was not tried`;
    const place = child(flow.document, 'parameters')?.origin ?? flow.document.origin;
    return { faults: [], warnings: [{ place, message, hint: 'give the schema examples' }] };
  }
  const environments = child(workspace.agent.document, 'environments');
  const names = environments?.kind === 'map' ? [...environments.entries.keys()] : [];
  const named = names.map((environment) => tryOne(workspace, flow, parameters, environment));
  const unnamed = tryOne(workspace, flow, parameters, undefined);
  const warnings = [...unnamed.warnings, ...named.flatMap((one) => one.warnings)];
  if (named.length === 0) return { faults: unnamed.faults, warnings };
  const faults = named.flatMap((one) => one.faults);
  // Where there are environments, a request may well have to name one.
  const onlyUnnamed = faults.length > 0 ? [] : unnamed.faults.map((fault) => withoutEnvironment(fault, flow));
  return { faults, warnings: [...warnings, ...onlyUnnamed] };
}

function tryOne(
  workspace: Workspace,
  flow: FlowDefinition,
  parameters: JsonMap,
  environment: string | undefined,
): TriedLaunches {
  const request: RunRequest = {
    flow: flow.flow,
    flowVersion: 'latest',
    org: 'default',
    ...(environment === undefined ? {} : { environment }),
    parameters,
    runConfig: {},
    labels: [],
    priority: 0,
    trigger: { source: 'example' },
    metadata: {},
  };
  // A flow that no request may give parameters has them from its schedules.
  const isTicked = flow.schedules.length > 0 || !flow.requests.allow.includes('parameters');
  const tick = tickValuesOf({ schedule: 'example', at: TICK_AT, timezone: 'UTC', previousAt: TICK_AT });
  const identity = { runId: 'example', attempt: 1, placement: 0, ...(isTicked ? { tick } : {}) };
  const config = resolveRun(workspace, { ...standIns(workspace), ...identity, request });
  return config.ok ? { faults: [], warnings: config.value.warnings } : { faults: config.error, warnings: [] };
}

function exampleParameters({ parameters: schema, checkParameters }: FlowDefinition): JsonMap | undefined {
  if (schema === undefined) return {};
  const candidates = [exampleValue(schema, false), exampleValue(schema, true)].filter(isJsonMap);
  return candidates.find((candidate) => checkParameters(candidate).ok);
}

/** In the place of what only AWS knows. */
function standIns({ agent }: Workspace): Surroundings {
  const ecs = child(agent.document, 'ecs');
  const secret = { name: 'TAGGED_SECRET', arn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:tagged' };
  return {
    ...(inheritOf(ecs) === undefined
      ? {}
      : { inheritedNetwork: { subnets: ['subnet-of-this-task'], securityGroups: [] } }),
    ...(child(ecs, 'secretsTag') === undefined ? {} : { taggedSecrets: [secret] }),
  };
}

function withoutEnvironment(fault: Fault, { flow }: FlowDefinition): Fault {
  return { ...fault, message: `where a request for "${flow}" names no environment, ${fault.message}` };
}

function distinct(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [formatFault(fault), fault])).values()];
}
