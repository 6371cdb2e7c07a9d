import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Clock } from '../service/clock.ts';
import { backOff } from './backoff.ts';
import { GIVE_UP_AFTER_MS } from './claim-attempt.ts';

const TIMEOUT_MS = 5_000;

/**
 * The ARN of the task that this container is part of, from the task metadata endpoint (Amazon ECS Developer Guide,
 * `task-metadata-endpoint-v4-fargate`: `GET ${ECS_CONTAINER_METADATA_URI_V4}/task`). A busy host is waited for, as long as the claim waits for the store;
 * then, or when `stop` is aborted, it throws.
 */
export async function findTaskArn(metadataUri: string, clock: Clock, stop: AbortSignal): Promise<string> {
  const giveUpAt = clock.monotonic() + GIVE_UP_AFTER_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(`${metadataUri}/task`, stop);
    } catch (error) {
      if (stop.aborted || clock.monotonic() >= giveUpAt) throw error;
      await backOff(clock, tries, stop);
    }
  }
}

async function ask(url: string, stop: AbortSignal): Promise<string> {
  const body: unknown = JSON.parse(await get(url, AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])));
  const arn: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'TaskARN') : undefined;
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) throw new Error(`${url} told no TaskARN`);
  return arn;
}

/** Not by `fetch`: loading that takes a tenth of all the time that a worker has before user code. */
function get(url: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal }, (response) => {
      if (response.statusCode === 200) return void text(response).then(resolve, reject);
      response.resume();
      reject(new Error(`${url} answered ${response.statusCode}`));
    });
    asked.once('error', reject).end();
  });
}
