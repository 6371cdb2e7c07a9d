import type { Fault } from '../core/fault.ts';
import type { Json, JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunRequest } from '../core/run-request.ts';
import { MAX_SLOTS, type Slot } from '../core/slots.ts';
import type { AgentConfig } from './agent-config.ts';
import { child } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { type LimitKey, parseLimitKey } from './limit-key.ts';
import { fillText, parameterAt } from './placeholder.ts';

export interface SlotInput {
  readonly runId: string;
  readonly request: RunRequest;
}

/** The longest key; a parameter decides it. */
const MAX_KEY_CHARACTERS = 500;

/**
 * The slots that a run has to take: its flow's own (`concurrency`), and those of the agent's limits that are about it
 * (`limits.concurrency`). They count over all agents of a table; each agent goes by the limits of its own files.
 */
export function slotsOfRun(
  agent: AgentConfig,
  flow: FlowDefinition,
  input: SlotInput,
): Result<readonly Slot[], readonly Fault[]> {
  const { concurrency: limits } = agent.limits;
  if (flow.concurrency === undefined && limits.length === 0) return ok([]);
  const parameters = parametersOf(flow, input.request);
  if (!parameters.ok) return parameters;
  const ownKey = ownKeyOf(flow, input, parameters.value);
  if (!ownKey.ok) return ownKey;
  const subjects = { flow, request: input.request, parameters: parameters.value, ownKey: ownKey.value };
  const shared = limits.flatMap(({ key, limit }) =>
    sharedKeys(key, subjects).map((shared) => ({ key: shared, limit })),
  );
  const slots = tightest([...ownSlots(flow, ownKey.value), ...shared]);
  const faults = slotFaults(slots);
  return faults.length > 0 ? err(faults) : ok(slots);
}

/** What a producer has put into S3 itself is the flow's own to read: no limit can go by it. */
function parametersOf(flow: FlowDefinition, { parameters, parametersS3Uri }: RunRequest) {
  return parametersS3Uri === undefined ? flow.checkParameters(parameters) : ok({});
}

/** What the flow's own key is for this run; undefined if the flow has none. */
function ownKeyOf(
  { concurrency, document }: FlowDefinition,
  { runId, request }: SlotInput,
  parameters: JsonMap,
): Result<string | undefined, readonly Fault[]> {
  if (concurrency?.key === undefined) return ok(undefined);
  const { environment } = request;
  const filled = fillText(concurrency.key, {
    runId,
    parameters,
    ...(environment === undefined ? {} : { environment }),
  });
  if (filled.ok) return ok(asText(filled.value));
  const place = child(document, 'concurrency')?.origin ?? document.origin;
  return err(filled.error.map((fault) => ({ ...fault, message: `concurrency.key: ${fault.message}`, place })));
}

function ownSlots({ flow, concurrency }: FlowDefinition, ownKey: string | undefined): readonly Slot[] {
  if (concurrency === undefined) return [];
  return [{ key: ownKey === undefined ? `flow/${flow}` : `flow/${flow}/${ownKey}`, limit: concurrency.limit }];
}

/** What of a run limits of the agent may be about. */
interface Subjects {
  readonly flow: FlowDefinition;
  readonly request: RunRequest;
  readonly parameters: JsonMap;
  readonly ownKey: string | undefined;
}

/** The keys that a run holds under a limit of the agent: none, if the limit is about other runs. */
function sharedKeys(written: string, subjects: Subjects): readonly string[] {
  const key = parseLimitKey(written);
  if (key === undefined) return [];
  if (key.subject === 'runs') return ['all/runs'];
  const values = valuesOf(key, subjects).map(asText);
  if (key.subject === 'name') return values.includes(key.name) ? [`all/${key.name}`] : [];
  return values
    .filter((value) => key.value === undefined || key.value === value)
    .map((value) => `all/${key.name}=${value}`);
}

function valuesOf({ subject, path }: LimitKey, { flow, request, parameters, ownKey }: Subjects): readonly Json[] {
  const labels = [...new Set([...flow.labels, ...request.labels])];
  switch (subject) {
    case 'runs':
      return [];
    case 'flow':
      return [flow.flow];
    case 'org':
      return [request.org];
    case 'environment':
      return request.environment === undefined ? [] : [request.environment];
    case 'label':
      return labels;
    case 'name':
      return [flow.flow, ...labels, ...(ownKey === undefined ? [] : [ownKey])];
    case 'parameters': {
      const value = parameterAt(parameters, path);
      return value === undefined || value === null ? [] : [value];
    }
    default:
      return subject satisfies never;
  }
}

/** Two limits with one key are one item in the table: the smaller one holds. */
function tightest(slots: readonly Slot[]): readonly Slot[] {
  const byKey = new Map<string, Slot>();
  for (const slot of slots) {
    const known = byKey.get(slot.key);
    if (known === undefined || slot.limit < known.limit) byKey.set(slot.key, slot);
  }
  return [...byKey.values()];
}

function slotFaults(slots: readonly Slot[]): readonly Fault[] {
  const place = { file: 'request' };
  const tooMany = `${slots.length} limits hold for this run; at most ${MAX_SLOTS} may`;
  return [
    ...slots
      .filter(({ key }) => key.length > MAX_KEY_CHARACTERS)
      .map(({ key }) => ({
        place,
        message: `the limit "${key.slice(0, 60)}…" has more than ${MAX_KEY_CHARACTERS} characters`,
      })),
    ...(slots.length > MAX_SLOTS ? [{ place, message: tooMany }] : []),
  ];
}

function asText(value: Json): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
