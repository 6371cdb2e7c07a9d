import { z } from 'zod';
import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunRequest } from '../core/run-request.ts';
import { child, emptyMap, type MapNode, nodeOf } from './config-node.ts';
import { checkShape } from './document-check.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { runConfigShape } from './run-config-shape.ts';
import { runConfigFaults } from './validate/run-config.ts';

const REQUEST = { file: 'request' };
const SHAPE = z.strictObject({ runConfig: runConfigShape });

/** Fields of RunTask that have words of their own, each allowed by itself (DESIGN 6). */
const OWN_WORDS: Readonly<Record<string, string>> = {
  cluster: 'cluster',
  networkConfiguration: 'network',
  overrides: 'env, command, cpu, memory, ephemeralStorage, taskRoleArn or executionRoleArn',
};

const EMPTY = emptyMap(REQUEST);

/** What a request says about how to run, if it may say it. `trusted` requests (the flow's own schedules) may say anything. */
export function requestConfig(
  request: RunRequest,
  flow: FlowDefinition,
  trusted: boolean,
): Result<MapNode, readonly Fault[]> {
  const parameters = trusted ? [] : parameterFaults(request, flow);
  if (Object.keys(request.runConfig).length === 0) return parameters.length > 0 ? err(parameters) : ok(EMPTY);
  const node = nodeOf({ runConfig: request.runConfig }, REQUEST);
  const shape = checkShape(node, SHAPE);
  const config = child(node, 'runConfig');
  if (config?.kind !== 'map') return err([...parameters, { place: REQUEST, message: 'runConfig has to be a map' }]);
  const faults = [
    ...parameters,
    ...(shape.ok ? [] : shape.error),
    ...(trusted ? [] : allowFaults(request.runConfig, flow)),
    ...(trusted ? [] : variableFaults(config)),
    ...kwargsFaults(config),
    ...runConfigFaults(config),
  ];
  return faults.length > 0 ? err(faults) : ok(config);
}

function parameterFaults({ parameters, parametersS3Uri }: RunRequest, flow: FlowDefinition): readonly Fault[] {
  const none = Object.keys(parameters).length === 0 && parametersS3Uri === undefined;
  return none || flow.requests.allow.includes('parameters') ? [] : [notAllowed('parameters', flow)];
}

function allowFaults(runConfig: JsonMap, flow: FlowDefinition): readonly Fault[] {
  const known = (key: string) => Object.hasOwn(runConfigShape.shape, key);
  return Object.keys(runConfig)
    .filter((key) => known(key) && !flow.requests.allow.includes(key))
    .map((key) => notAllowed(`runConfig.${key}`, flow));
}

function notAllowed(what: string, { flow, requests }: FlowDefinition): Fault {
  const hint =
    requests.allow.length === 0 ? 'requests may set nothing' : `requests may set ${requests.allow.join(', ')}`;
  return { place: REQUEST, message: `${what} may not be set for flow "${flow}"`, hint };
}

/**
 * Names by which a variable changes what program runs, or as whom, instead of what it works on: the SDK's and ECS's own
 * (`AWS_CONTAINER_CREDENTIALS_…`, `ECS_CONTAINER_METADATA_URI_V4`), Node's options and the loader's.
 */
const STEERING = /^(?:AWS_|ECS_|LD_|NODE_OPTIONS$)/i;

function variableFaults(config: MapNode): readonly Fault[] {
  return ['env', 'secrets'].flatMap((word) => {
    const variables = child(config, word);
    const names = variables?.kind === 'map' ? [...variables.entries.keys()] : [];
    return names
      .filter((name) => STEERING.test(name))
      .map((name) => ({
        place: REQUEST,
        message: `${word}.${name} may not be set by a request`,
        hint: 'AWS_*, ECS_*, LD_* and NODE_OPTIONS are for the flow and the agent to set',
      }));
  });
}

function kwargsFaults(config: MapNode): readonly Fault[] {
  const kwargs = child(config, 'runTaskKwargs');
  return Object.entries(OWN_WORDS).flatMap(([key, word]) =>
    child(kwargs, key) === undefined
      ? []
      : [
          {
            place: REQUEST,
            message: `runTaskKwargs of a request may not hold ${key}`,
            hint: `say ${word} in runConfig`,
          },
        ],
  );
}
