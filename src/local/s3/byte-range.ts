import { s3Error } from './s3-error.ts';

/** Bytes from `start` up to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header against a size (RFC 9110, 14.1.2). Undefined if there is none, or one that is to be ignored:
 * another unit, several ranges, or what is no range. One that begins beyond the end is `InvalidRange`.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= end) throw s3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: size });
  return { start, end };
}
