import type { FileStore } from '../core/file-store.ts';
import type { Json } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RunningRun } from '../core/run.ts';
import { describeError } from '../service/log.ts';

/** What a run's record takes of a flow's output. */
const MAX_INLINE_BYTES = 256 * 1024;

/** A DynamoDB item ends at 400 KB; ECS's last words on the task are still to come. */
const MAX_RECORD_BYTES = 340 * 1024;

/**
 * What goes on record of a flow's output: the output itself, or where it is in S3 when it is too large for the record. The
 * error says why it could not be kept.
 */
export async function keepOutput(
  files: FileStore,
  bucket: string | undefined,
  run: RunningRun,
  json: string,
): Promise<Result<Json, string>> {
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_INLINE_BYTES && bytes + Buffer.byteLength(JSON.stringify(run)) <= MAX_RECORD_BYTES) {
    const output: Json = JSON.parse(json);
    return ok(output);
  }
  if (bucket === undefined) {
    return err(`it returned ${bytes} bytes, more than its record takes, and no bucket is configured to keep them`);
  }
  const s3Uri = `${bucket}/results/${run.runId}/${run.attempt}.json`;
  try {
    await files.put(s3Uri, json, { contentType: 'application/json' });
    return ok({ s3Uri });
  } catch (error) {
    return err(`its output of ${bytes} bytes could not be written to ${s3Uri}: ${describeError(error)}`);
  }
}
