import { deflateSync } from 'node:zlib';
import type { Json, JsonMap } from './json.ts';

/** What a program is told of its run, by the names of Dagster Pipes (dagster-pipes 1.13, `PipesContextData`). */
export interface PipesRun {
  readonly runId: string;
  readonly flow: string;
  readonly attempt: number;
  readonly parameters: JsonMap;
}

/** The context of a run. The flow's parameters are its `extras`; a run has no partitions and names no assets of its own. */
export function pipesContext({ runId, flow, attempt, parameters }: PipesRun): JsonMap {
  return {
    asset_keys: null,
    code_version_by_asset_key: null,
    provenance_by_asset_key: null,
    partition_key: null,
    partition_key_range: null,
    partition_time_window: null,
    run_id: runId,
    job_name: flow,
    retry_number: attempt - 1,
    extras: parameters,
  };
}

/** Where a client finds its context, or writes its messages: JSON, compressed by zlib, in base64 (dagster-pipes, `encode_param`). */
export function encodePipesParams(params: Json): string {
  return deflateSync(JSON.stringify(params)).toString('base64');
}
