import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import type { PlannedUpload } from '../core/launch-plan.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { MapNode } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { LONGEST_OVERRIDES, lengthOf, withReserved } from './overrides.ts';
import { type AttemptInput, type ParametersAs, reservedEnvironment } from './reserved-environment.ts';
import type { Workspace } from './workspace.ts';

export interface PlacedParameters {
  /** RunTask's overrides, reserved variables included, within ECS's limit. */
  readonly overrides: MapNode;
  readonly uploads: readonly PlannedUpload[];
}

const SET_BUCKET = 'set bucket in agent.yaml: long parameters go to S3 then';
const SHORTEN = 'only parameters can move to S3: shorten the variables and the command of the request';

/** Puts the parameters into the overrides; where they do not fit, into S3, and their address instead. */
export function placeParameters(
  workspace: Workspace,
  flow: FlowDefinition,
  input: AttemptInput & { readonly parameters: JsonMap },
  overrides: MapNode,
  main: string,
): Result<PlacedParameters, readonly Fault[]> {
  const withParameters = (as: ParametersAs) =>
    withReserved(overrides, main, reservedEnvironment(workspace, flow, input, as));
  const given = input.request.parametersS3Uri;
  if (given !== undefined) return fitting(withParameters({ s3Uri: given }), []);
  const body = JSON.stringify(input.parameters);
  const inline = withParameters({ json: body });
  if (lengthOf(inline) <= LONGEST_OVERRIDES) return ok({ overrides: inline, uploads: [] });
  const { bucket } = workspace.agent;
  if (bucket === undefined) {
    const rest = lengthOf(withParameters({ json: '' }));
    return err([rest > LONGEST_OVERRIDES ? tooLong(rest, SHORTEN) : tooLong(lengthOf(inline), SET_BUCKET)]);
  }
  const uri = `${bucket.replace(/\/+$/, '')}/parameters/${input.runId}/${input.attempt}.json`;
  return fitting(withParameters({ s3Uri: uri }), [{ uri, body, contentType: 'application/json' }]);
}

function fitting(overrides: MapNode, uploads: readonly PlannedUpload[]): Result<PlacedParameters, readonly Fault[]> {
  const length = lengthOf(overrides);
  if (length <= LONGEST_OVERRIDES) return ok({ overrides, uploads });
  return err([tooLong(length, SHORTEN)]);
}

function tooLong(length: number, hint: string): Fault {
  const message = `RunTask's overrides would have ${length} characters; ECS takes at most ${LONGEST_OVERRIDES}`;
  return { place: { file: 'request' }, message, hint };
}
