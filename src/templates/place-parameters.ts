import type { Fault } from '../core/fault.ts';
import type { JsonMap } from '../core/json.ts';
import type { PlannedUpload } from '../core/launch-plan.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { MapNode } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { withReserved } from './overrides.ts';
import { LONGEST_OVERRIDES, largestParts, lengthOf } from './overrides-length.ts';
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
  if (given !== undefined) return placed(withParameters({ s3Uri: given }), []);
  const body = JSON.stringify(input.parameters);
  const inline = withParameters({ json: body });
  if (fits(inline)) return placed(inline, []);
  const { bucket } = workspace.agent;
  if (bucket === undefined) return err([tooLong(inline, fits(withParameters({ json: '' })) ? SET_BUCKET : SHORTEN)]);
  const uri = `${bucket.replace(/(?<!\/)\/+$/, '')}/parameters/${input.runId}/${input.attempt}.json`;
  const pointing = withParameters({ s3Uri: uri });
  // Short parameters are shorter than their address would be: it is the rest that has to give way then.
  if (lengthOf(pointing) >= lengthOf(inline)) return err([tooLong(inline, SHORTEN)]);
  return placed(pointing, [{ uri, body, contentType: 'application/json' }]);
}

function placed(overrides: MapNode, uploads: readonly PlannedUpload[]): Result<PlacedParameters, readonly Fault[]> {
  return fits(overrides) ? ok({ overrides, uploads }) : err([tooLong(overrides, SHORTEN)]);
}

function fits(overrides: MapNode): boolean {
  return lengthOf(overrides) <= LONGEST_OVERRIDES;
}

function tooLong(overrides: MapNode, hint: string): Fault {
  const told = `RunTask's overrides would have ${lengthOf(overrides)} characters, most of them in`;
  const message = `${told} ${largestParts(overrides)}; ECS takes at most ${LONGEST_OVERRIDES}`;
  return { place: { file: 'request' }, message, hint };
}
