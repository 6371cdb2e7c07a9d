import { createHash } from 'node:crypto';
import { isAwsError } from '../aws/call-error.ts';
import type { FileStore } from '../core/file-store.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Clock } from '../service/clock.ts';
import { describeError } from '../service/log.ts';
import { backOff } from './backoff.ts';

export interface FetchDeps {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** What a file has to be, as far as it is known. */
export interface Expected {
  /** In hexadecimal. */
  readonly sha256?: string;
  readonly bytes?: number;
}

const TRIES = 4;

/** A file from S3, after several tries if need be; the error says what is wrong with it, in words for the flow's author. */
export async function fetchFile(
  { files, clock, stop }: FetchDeps,
  uri: string,
  what: string,
  expected: Expected = {},
): Promise<Result<Uint8Array, string>> {
  for (let tries = 1; ; tries += 1) {
    try {
      const bytes = await files.get(uri);
      return bytes === undefined ? err(`${uri} (the ${what}) does not exist`) : checked(bytes, uri, what, expected);
    } catch (error) {
      if (tries === TRIES || stop.aborted || isAwsError(error, 'AccessDenied', 'NoSuchBucket')) {
        return err(`the ${what} at ${uri} cannot be read: ${describeError(error)}`);
      }
      await backOff(clock, tries, stop);
    }
  }
}

function checked(bytes: Uint8Array, uri: string, what: string, expected: Expected): Result<Uint8Array, string> {
  if (expected.bytes !== undefined && expected.bytes !== bytes.length) {
    return err(
      `the ${what} at ${uri} has ${bytes.length} bytes and should have ${expected.bytes}: it was replaced or cut off`,
    );
  }
  if (expected.sha256 === undefined) return ok(bytes);
  const sha256 = sha256Of(bytes);
  if (sha256 === expected.sha256) return ok(bytes);
  return err(
    `the ${what} at ${uri} has the SHA-256 ${sha256} and should have ${expected.sha256}: it was replaced or damaged`,
  );
}

/** In hexadecimal. */
export function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
