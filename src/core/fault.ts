/** Where something stands in a document that a person wrote. Line and column count from 1. */
export interface Place {
  /** A path as the user named it, an `s3://` address, or what else names the document (`request`, `--cpu`). */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with what somebody wrote, in words for that person. */
export interface Fault {
  readonly place?: Place;
  readonly message: string;
  /** What to do about it: the nearest valid value, the next command. */
  readonly hint?: string;
}

/** `file:line:column`, as far as it is known. */
export function formatPlace({ file, line, column }: Place): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

/** One line: `flows/etl.yaml:9:8 cpu 300 is not a Fargate size; nearest valid: 256`. */
export function formatFault({ place, message, hint }: Fault): string {
  const what = hint === undefined ? message : `${message}; ${hint}`;
  return place === undefined ? what : `${formatPlace(place)} ${what}`;
}
