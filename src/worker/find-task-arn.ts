import type { Clock } from '../service/clock.ts';
import { backOff } from './backoff.ts';

const TRIES = 6;
const TIMEOUT_MS = 2_000;

/**
 * The ARN of the task that this container is part of, from the task metadata endpoint (Amazon ECS Developer Guide,
 * `task-metadata-endpoint-v4-fargate`: `GET ${ECS_CONTAINER_METADATA_URI_V4}/task`). Throws when it cannot be had.
 */
export async function findTaskArn(metadataUri: string, clock: Clock, stop: AbortSignal): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(`${metadataUri}/task`, stop);
    } catch (error) {
      if (tries === TRIES || stop.aborted) throw error;
      await backOff(clock, tries, stop);
    }
  }
}

async function ask(url: string, stop: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const body: unknown = await response.json();
  const arn: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'TaskARN') : undefined;
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) throw new Error(`${url} told no TaskARN`);
  return arn;
}
