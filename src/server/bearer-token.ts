import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the token; the answer takes equally long for every wrong one. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
