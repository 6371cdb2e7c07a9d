import type { JsonMap } from '../core/json.ts';
import { encodePipesParams, pipesContext } from '../core/pipes-bootstrap.ts';
import type { FlowDefinition } from './flow-definition.ts';
import type { AttemptInput, ParametersAs } from './reserved-environment.ts';

/**
 * What a client of Dagster Pipes looks for, in a plain container of a flow with `pipes: logs`: the context itself, and
 * that its messages go to stdout, where the agent finds them in the log. Empty for all other flows.
 */
export function pipesVariables(
  flow: FlowDefinition,
  { runId, attempt }: AttemptInput,
  parameters: ParametersAs,
): Readonly<Record<string, string>> {
  if (flow.pipes !== 'logs') return {};
  const given: JsonMap = 'json' in parameters ? JSON.parse(parameters.json) : { parametersS3Uri: parameters.s3Uri };
  const data = pipesContext({ runId, flow: flow.flow, attempt, parameters: given });
  return {
    DAGSTER_PIPES_CONTEXT: encodePipesParams({ data }),
    DAGSTER_PIPES_MESSAGES: encodePipesParams({ stdio: 'stdout' }),
  };
}
