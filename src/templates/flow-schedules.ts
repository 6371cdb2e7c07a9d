import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Expression, parseExpression, parseLocalTime } from '../core/schedules/parse-expression.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { isTimeZone, timeZoneNames, ZoneOffsets } from '../core/schedules/zone-offsets.ts';
import { type ConfigNode, child, itemsOf, type MapNode, toJson } from './config-node.ts';
import type { flowShape } from './flow-shape.ts';
import { fillPlaceholders } from './placeholder.ts';
import { tickPlaceholders } from './tick-request.ts';

type WrittenFlow = z.output<typeof flowShape>;
type WrittenSchedule = WrittenFlow['schedules'][number];

const DAY_MS = 86_400_000;
const KINDS = ['cron', 'rate', 'at'] as const;

/**
 * Reads a flow's schedules; all of their faults together. One without a name is `default`, further ones `default-2` and so
 * on. A flow whose shape has faults (`written` is undefined) gives none: they are told already.
 */
export function parseSchedules(
  node: MapNode,
  written: WrittenFlow | undefined,
): Result<readonly Schedule[], readonly Fault[]> {
  if (written === undefined) return ok([]);
  const nodes = itemsOf(node, 'schedules');
  const names = namesOf(written.schedules);
  const read = written.schedules.map((schedule, index) =>
    parseSchedule(written.flow, names[index] ?? '', schedule, nodes[index] ?? node),
  );
  const faults = [...read.flatMap((one) => (one.ok ? [] : one.error)), ...doubles(names, nodes)];
  return faults.length > 0 ? err(faults) : ok(read.flatMap((one) => (one.ok ? [one.value] : [])));
}

function namesOf(schedules: readonly WrittenSchedule[]): readonly string[] {
  let unnamed = 0;
  return schedules.map(({ name }) => {
    if (name !== undefined) return name;
    unnamed += 1;
    return unnamed === 1 ? 'default' : `default-${unnamed}`;
  });
}

function doubles(names: readonly string[], nodes: readonly ConfigNode[]): readonly Fault[] {
  return names.flatMap((name, index): Fault[] => {
    if (names.indexOf(name) === index) return [];
    const node = nodes[index];
    const place = (child(node, 'name') ?? node)?.origin;
    return [{ ...(place ? { place } : {}), message: `the flow has a schedule "${name}" already` }];
  });
}

function parseSchedule(
  flow: string,
  name: string,
  written: WrittenSchedule,
  node: ConfigNode,
): Result<Schedule, readonly Fault[]> {
  const zone = zoneOf(written.timezone, node);
  const expression = expressionOf(written, node);
  const timezone = zone.ok ? zone.value : 'UTC';
  const startAt = momentOf('startDate', written.startDate, timezone, node);
  const endAt = momentOf('endDate', written.endDate, timezone, node);
  const faults = [zone, expression, startAt, endAt].flatMap((one) => (one.ok ? [] : [one.error]));
  if (!expression.ok || !startAt.ok || !endAt.ok || faults.length > 0) return err(faults);
  const schedule: Schedule = {
    ...wordsOf(flow, name, written, node),
    expression: expression.value,
    timezone,
    definition: definitionOf(written, expression.value),
    ...(startAt.value === undefined ? {} : { startAt: startAt.value }),
    ...(endAt.value === undefined ? {} : { endAt: endAt.value }),
  };
  const open = placeholderFaults(schedule, node);
  return open.length > 0 ? err(open) : ok(schedule);
}

function wordsOf(
  flow: string,
  name: string,
  written: WrittenSchedule,
  node: ConfigNode,
): Omit<Schedule, 'expression' | 'timezone' | 'definition'> {
  const { catchUp, overlap, jitter, enabled, environment, labels } = written;
  return {
    id: `${flow}/${name}`,
    flow,
    name,
    catchUp,
    overlap,
    jitterMs: jitter,
    enabled,
    ...(environment === undefined ? {} : { environment }),
    labels,
    parameters: mapAt(node, 'parameters'),
    runConfig: mapAt(node, 'runConfig'),
  };
}

function mapAt(node: ConfigNode, key: string): JsonMap {
  const value = child(node, key);
  return value?.kind === 'map' ? (toJson(value) as JsonMap) : {};
}

/** What is due when, in one line; also how a change of it is noticed. */
function definitionOf({ timezone, startDate, endDate, enabled }: WrittenSchedule, { text }: Expression): string {
  const more = [
    startDate === undefined ? '' : ` from ${startDate}`,
    endDate === undefined ? '' : ` until ${endDate}`,
    enabled ? '' : ' (not enabled)',
  ];
  return `${text} ${timezone}${more.join('')}`;
}

function zoneOf(timezone: string, node: ConfigNode): Result<string, Fault> {
  if (isTimeZone(timezone)) return ok(timezone);
  const near = didYouMean(timezone, timeZoneNames());
  const hint =
    near === undefined ? 'use a name of the IANA database, such as Europe/Berlin' : `did you mean "${near}"?`;
  return err({ ...placeOf(node, 'timezone'), message: `there is no time zone "${timezone}"`, hint });
}

function expressionOf(written: WrittenSchedule, node: ConfigNode): Result<Expression, Fault> {
  const given = KINDS.filter((kind) => written[kind] !== undefined);
  const [kind = 'cron'] = given;
  if (given.length !== 1) {
    const message =
      given.length === 0 ? 'a schedule needs cron, rate or at' : `${given.join(' and ')} exclude each other`;
    return err({ ...placeOf(node, given[1] ?? ''), message });
  }
  const text = written[kind] ?? '';
  const isBare = kind !== 'cron' && !text.includes('(');
  const parsed = parseExpression(isBare ? `${kind}(${text})` : text);
  if (!parsed.ok) return err({ ...placeOf(node, kind), ...parsed.error });
  return parsed.value.kind === kind
    ? parsed
    : err({ ...placeOf(node, kind), message: `"${text}" is no ${kind}`, hint: `write it under ${parsed.value.kind}` });
}

/** A day alone begins at its midnight; as an end it is still a day of the schedule. */
function momentOf(
  key: 'startDate' | 'endDate',
  text: string | undefined,
  timezone: string,
  node: ConfigNode,
): Result<number | undefined, Fault> {
  if (text === undefined) return ok(undefined);
  const local = parseLocalTime(text);
  if (local !== undefined) {
    const wholeDay = key === 'endDate' && !text.includes('T');
    const at = ZoneOffsets.of(timezone).instantOf(wholeDay ? local + DAY_MS : local);
    return ok(wholeDay ? at - 1 : at);
  }
  const at = /T[^T]*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return ok(at);
  const hint = 'write 2026-12-24, 2026-12-24T18:00:00 (in the zone of the schedule) or 2026-12-24T18:00:00Z';
  return err({ ...placeOf(node, key), message: `${key} is no moment: "${text}"`, hint });
}

/** Names that no tick has are told when the file is read, not when the first tick is due. */
function placeholderFaults(schedule: Schedule, node: ConfigNode): readonly Fault[] {
  const example = { schedule: schedule.id, at: 0, timezone: schedule.timezone, previousAt: 0 };
  const parameters = child(node, 'parameters');
  const filled = parameters && fillPlaceholders(parameters, tickPlaceholders(schedule, example, 'example'));
  return filled === undefined || filled.ok ? [] : filled.error;
}

function placeOf(node: ConfigNode, key: string): Pick<Fault, 'place'> {
  return { place: (child(node, key) ?? node).origin };
}
