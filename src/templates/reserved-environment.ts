import type { RunRequest } from '../core/run-request.ts';
import { type ConfigNode, mapOf, scalar } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { pipesVariables } from './pipes-variables.ts';
import type { Workspace } from './workspace.ts';

/** What an attempt is known by. */
export interface AttemptInput {
  readonly request: RunRequest;
  readonly runId: string;
  readonly attempt: number;
  /** Where the flow's artifact is, once it is in S3. */
  readonly artifactS3Uri?: string;
  /** Packages that the worker installs first, as `s3://` addresses. */
  readonly depPackageUris?: readonly string[];
  /** For how long ECS lets the container end after SIGTERM, if the definition says. */
  readonly stopTimeoutSeconds?: number;
}

/** How the parameters reach the container. */
export type ParametersAs = { readonly json: string } | { readonly s3Uri: string };

const RESERVED = { file: 'reserved' };

/** The `SLIPWAY_*` variables of the main container (DESIGN 7.5), as ECS's list. */
export function reservedEnvironment(
  { agent }: Workspace,
  flow: FlowDefinition,
  input: AttemptInput,
  parameters: ParametersAs,
): readonly ConfigNode[] {
  const { request, runId, attempt, artifactS3Uri, depPackageUris = [], stopTimeoutSeconds } = input;
  const artifact = artifactS3Uri ?? (flow.artifact?.kind === 's3' ? flow.artifact.uri : undefined);
  const variables: Readonly<Record<string, string | undefined>> = {
    SLIPWAY_RUN_ID: runId,
    SLIPWAY_ATTEMPT: String(attempt),
    SLIPWAY_FLOW: flow.flow,
    SLIPWAY_FLOW_VERSION: flow.version,
    SLIPWAY_ORG: request.org,
    SLIPWAY_ENVIRONMENT: request.environment,
    SLIPWAY_CORRELATION_ID: request.correlationId,
    SLIPWAY_PARAMETERS: 'json' in parameters ? parameters.json : undefined,
    SLIPWAY_PARAMETERS_S3_URI: 's3Uri' in parameters ? parameters.s3Uri : undefined,
    SLIPWAY_TABLE: agent.table,
    SLIPWAY_BUCKET: agent.bucket,
    SLIPWAY_ARTIFACT_S3_URI: artifact,
    SLIPWAY_DEP_PACKAGE_URIS: depPackageUris.length > 0 ? JSON.stringify(depPackageUris) : undefined,
    SLIPWAY_LOG_LEVEL: agent.logLevel,
    SLIPWAY_STOP_TIMEOUT: stopTimeoutSeconds === undefined ? undefined : String(stopTimeoutSeconds),
    ...pipesVariables(flow, input, parameters),
  };
  return Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [mapOf({ name: scalar(name, RESERVED), value: scalar(value, RESERVED) }, RESERVED)],
  );
}
