import { formatFault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import type { RunRequest } from '../core/run-request.ts';
import { previousTick } from '../core/schedules/due-ticks.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { type RunTick, tickValuesOf } from '../core/schedules/tick-values.ts';
import { nodeOf, toJson } from './config-node.ts';
import { fillPlaceholders, type PlaceholderValues } from './placeholder.ts';

/**
 * The tick as its run's record keeps it. The tick before is looked for only where the schedule asks for it; that of the
 * first one is the tick itself, so that what lies between them is empty.
 */
export function runTickOf(schedule: Schedule, at: number): RunTick {
  const { id, timezone, parameters, runConfig } = schedule;
  const asksForPrevious = JSON.stringify([parameters, runConfig]).includes('tick.previous');
  const previousAt = asksForPrevious ? (previousTick(schedule, at) ?? at) : undefined;
  return { schedule: id, at, timezone, ...(previousAt === undefined ? {} : { previousAt }) };
}

/** What a tick wishes for: the same as a message would say, with the tick's values filled into the parameters. */
export function tickRequest(schedule: Schedule, tick: RunTick, runId: string): RunRequest {
  const { flow, environment, labels, runConfig, id } = schedule;
  return {
    flow,
    flowVersion: 'latest',
    runId,
    org: 'default',
    ...(environment === undefined ? {} : { environment }),
    parameters: filledParameters(schedule, tick, runId),
    runConfig,
    labels,
    priority: 0,
    trigger: { source: 'schedule', by: id },
    metadata: {},
  };
}

/** What the placeholders of a schedule's parameters may name. */
export function tickPlaceholders({ environment }: Schedule, tick: RunTick, runId: string): PlaceholderValues {
  return { runId, tick: tickValuesOf(tick), ...(environment === undefined ? {} : { environment }) };
}

/** The names were checked when the flow was read: what is left is a defect. */
function filledParameters(schedule: Schedule, tick: RunTick, runId: string): JsonMap {
  const node = nodeOf(schedule.parameters, { file: schedule.id });
  const filled = fillPlaceholders(node, tickPlaceholders(schedule, tick, runId));
  if (filled.ok) return toJson(filled.value) as JsonMap;
  throw new Error(filled.error.map(formatFault).join('; '));
}
