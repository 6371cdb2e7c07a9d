import { resolve } from 'node:path';
import type { z } from 'zod';
import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunPolicy } from '../core/run-policy.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { type ConfigNode, child, emptyMap, type MapNode, toJson } from './config-node.ts';
import { asMap, checkShape } from './document-check.ts';
import { parseSchedules } from './flow-schedules.ts';
import { flowShape } from './flow-shape.ts';
import { compileParameters, type ParameterCheck } from './parameters.ts';
import { isS3, refFrom } from './place-ref.ts';
import { DEFAULT_ALLOW } from './run-config-shape.ts';
import { policyOf, type Retries, retriesOver, type Timeouts, timeoutsOver } from './run-rules.ts';
import { runConfigFaults } from './validate/run-config.ts';
import { lossyNumber } from './word-faults.ts';

type Written = z.output<typeof flowShape>;

/** A flow file (DESIGN 7.3), with the agent's defaults where it says nothing. */
export interface FlowDefinition {
  readonly flow: string;
  readonly version: string;
  readonly description?: string;
  /** Whether the main container runs the Slipway worker, if the file says so. */
  readonly worker?: boolean;
  /** As data; `document` has the places of its values. */
  readonly runConfig: JsonMap;
  readonly labels: readonly string[];
  readonly artifact?: FlowArtifact;
  readonly deployment?: string;
  /** Whether the agent looks for messages of Dagster Pipes in the output of the flow's plain container. */
  readonly pipes?: 'logs';
  /** The JSON Schema of the parameters. */
  readonly parameters?: JsonMap;
  /** Checks the parameters of a request and fills in defaults. */
  readonly checkParameters: ParameterCheck;
  readonly requests: { readonly allow: readonly string[] };
  readonly retries: Retries;
  readonly timeouts: Timeouts;
  /** What an attempt is judged by: the core of `retries` and `timeouts`. */
  readonly policy: RunPolicy;
  /** Runs at once; with a key, for each of its values. */
  readonly concurrency?: { readonly limit: number; readonly key?: string };
  readonly schedules: readonly Schedule[];
  readonly notify: Written['notify'];
  /** What the agent said where the flow says nothing. */
  readonly defaults: FlowDefaults;
  /** The file, as the configuration names it. */
  readonly file: string;
  readonly document: MapNode;
}

export interface FlowDefaults {
  readonly retries: Retries;
  readonly timeouts: Timeouts;
}

export type FlowArtifact =
  | { readonly kind: 's3'; readonly uri: string }
  /** A file or folder on the agent's disk, absolute. */
  | { readonly kind: 'local'; readonly path: string };

/** Reads a flow file; all of its faults together. */
export function parseFlow(document: ConfigNode, defaults: FlowDefaults): Result<FlowDefinition, readonly Fault[]> {
  const map = asMap(document, 'the flow');
  if (!map.ok) return map;
  const node = map.value;
  const runConfig = child(node, 'runConfig');
  const checked = checkShape(node, flowShape);
  const parameters = compileParameters(child(node, 'parameters'));
  const schedules = parseSchedules(node, checked.ok ? checked.value : undefined);
  const faults = [
    ...(checked.ok ? [] : checked.error),
    ...(runConfig ? runConfigFaults(runConfig) : []),
    ...versionFaults(node),
    ...(parameters.ok ? [] : parameters.error),
    ...(schedules.ok ? [] : schedules.error),
  ];
  if (!checked.ok || !parameters.ok || !schedules.ok || faults.length > 0) return err(faults);
  return ok(flowOf(checked.value, node, { checkParameters: parameters.value, schedules: schedules.value }, defaults));
}

function flowOf(
  written: Written,
  node: MapNode,
  { checkParameters, schedules }: Pick<FlowDefinition, 'checkParameters' | 'schedules'>,
  defaults: FlowDefaults,
): FlowDefinition {
  const { flow, runConfig, artifact, concurrency } = written;
  const retries = retriesOver(written.retries, defaults.retries);
  const timeouts = timeoutsOver(written.timeouts, defaults.timeouts);
  const schema = child(node, 'parameters');
  return {
    flow,
    version: String(written.version),
    ...definedOf({
      description: written.description,
      worker: written.worker,
      deployment: written.deployment,
      pipes: written.pipes,
    }),
    runConfig: toJson(child(node, 'runConfig') ?? emptyMap(node.origin)) as JsonMap,
    labels: runConfig.labels ?? [],
    ...(artifact === undefined ? {} : { artifact: artifactOf(artifact, child(node, 'artifact') ?? node) }),
    ...(schema === undefined ? {} : { parameters: toJson(schema) as JsonMap }),
    checkParameters,
    requests: { allow: written.requests.allow ?? DEFAULT_ALLOW },
    retries,
    timeouts,
    policy: policyOf(retries, timeouts),
    ...(concurrency === undefined
      ? {}
      : { concurrency: { limit: concurrency.limit, ...definedOf({ key: concurrency.key }) } }),
    schedules,
    notify: written.notify,
    defaults: { retries: defaults.retries, timeouts: defaults.timeouts },
    file: node.origin.file,
    document: node,
  };
}

function definedOf<T extends Record<string, unknown>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function artifactOf(artifact: string, { origin }: ConfigNode): FlowArtifact {
  const ref = refFrom(origin, artifact);
  return isS3(ref) ? { kind: 's3', uri: ref } : { kind: 'local', path: resolve(ref) };
}

function versionFaults(node: MapNode): readonly Fault[] {
  const version = child(node, 'version');
  return version?.kind === 'scalar' ? lossyNumber(version) : [];
}
