import type { FileStore } from '../core/file-store.ts';
import type { Traceback } from '../core/run.ts';
import { describeError, type Log } from '../service/log.ts';
import type { Ending } from './ending.ts';
import type { WorkerEnv } from './env.ts';

/** What of it goes into the run's record. */
const HEAD_LINES = 12;
const HEAD_CHARS = 1_500;

/**
 * Writes the whole stack of a failure to `exceptions/<org>/<run id>/traceback.txt` in the bucket; of several attempts the last
 * one's is there. Resolves to what goes on record, or undefined for an ending without a stack. Never throws.
 */
export async function keepTraceback(
  { bucket, org, runId, attempt, flow, flowVersion }: WorkerEnv,
  ending: Ending,
  { files, log }: { readonly files: FileStore; readonly log: Log },
): Promise<Traceback | undefined> {
  if (ending.kind !== 'failed' || ending.traceback === undefined) return undefined;
  const head = headOf(ending.traceback);
  if (bucket === undefined) return { head };
  const s3Uri = `${bucket}/exceptions/${encodeURIComponent(org)}/${runId}/traceback.txt`;
  const text = `flow ${flow} ${flowVersion}, run ${runId}, attempt ${attempt}\n${ending.message}\n\n${ending.traceback}\n`;
  try {
    await files.put(s3Uri, text, { contentType: 'text/plain; charset=utf-8' });
    return { head, s3Uri };
  } catch (error) {
    log.warn('worker.traceback-not-kept', { ref: s3Uri, error: describeError(error) });
    return { head };
  }
}

function headOf(traceback: string): string {
  const lines = traceback.trim().split('\n').slice(0, HEAD_LINES).join('\n');
  return lines.length > HEAD_CHARS ? `${lines.slice(0, HEAD_CHARS)}…` : lines;
}
