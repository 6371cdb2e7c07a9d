import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Place } from '../core/fault.ts';
import { settingKind } from './settings.ts';

const S3 = /^s3:\/\//;

export function isS3(ref: string): boolean {
  return S3.test(ref);
}

/** Where a path leads that a file names: from the file's own folder; from the current folder if a flag or variable names it. */
export function refFrom(origin: Place, path: string): string {
  if (isS3(path) || isAbsolute(path)) return path;
  if (isS3(origin.file)) return new URL(path, origin.file).href;
  return settingKind(origin) === 'file' ? join(dirname(origin.file), path) : path;
}

/** Whether `ref` is one of the places or inside one. */
export function isInside(ref: string, places: readonly string[]): boolean {
  return places.some((place) => isS3(ref) === isS3(place) && within(canonical(ref), canonical(place)));
}

function canonical(ref: string): string {
  return (isS3(ref) ? new URL(ref).href : resolve(ref)).replace(/(?<!\/)\/+$/, '');
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
