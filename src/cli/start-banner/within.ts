import type { Clock } from '../../service/clock.ts';
import { type Finding, warn } from '../doctor/finding.ts';

/** Waits for findings so long; what has not answered by then is a finding itself. Never rejects. */
export async function within(
  { clock, ms, stop }: { readonly clock: Clock; readonly ms: number; readonly stop: AbortSignal },
  check: string,
  looking: Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = clock
    .sleep(ms, AbortSignal.any([stop, done.signal]))
    .then(() => [warn(check, `no answer within ${ms / 1000} s: the agent goes on trying`, 'slipway doctor')]);
  const found = looking.then(
    (findings) => [findings].flat(),
    (error: unknown) => [warn(check, error instanceof Error ? error.message : String(error), 'slipway doctor')],
  );
  const first = await Promise.race([found, late]);
  done.abort();
  return first;
}
