import type { Fault, Place } from '../core/fault.ts';
import { err, type Result } from '../core/result.ts';
import type { SourceFailure, SourceProblem, SourceReader } from '../core/source-reader.ts';
import type { ConfigNode } from './config-node.ts';
import { parseYaml } from './parse-yaml.ts';

interface Held {
  readonly etag: string;
  /** Where the document really is. */
  readonly location: string;
  readonly document: Result<ConfigNode, readonly Fault[]>;
}

const PROBLEM_WORDS = {
  'not-found': 'does not exist',
  folder: 'is a folder, not a file',
  denied: 'may not be read',
  'too-large': 'is too large',
  unavailable: 'cannot be read now',
} as const;

/** Problems of which the file system's words would say no more than ours. */
const SELF_EXPLAINING: ReadonlySet<SourceProblem> = new Set(['not-found', 'folder', 'too-large']);

/**
 * Reads documents and remembers them: one that has not changed since is neither read nor parsed again. A store lives for
 * one load; the next one takes over what this one read.
 */
export class DocumentStore {
  private readonly held = new Map<string, Held>();
  private readonly reading = new Map<string, Promise<Result<ConfigNode, readonly Fault[]>>>();
  private readonly reader: SourceReader;
  private readonly before: DocumentStore | undefined;

  constructor(reader: SourceReader, before?: DocumentStore) {
    this.reader = reader;
    this.before = before === undefined ? undefined : before.alone();
  }

  /** The document, or its faults; those of a document that cannot be read stand where it was named. */
  read(ref: string, namedAt?: Place): Promise<Result<ConfigNode, readonly Fault[]>> {
    const reading = this.reading.get(ref) ?? this.readOnce(ref);
    this.reading.set(ref, reading);
    return reading.then((result) =>
      result.ok || namedAt === undefined ? result : err(result.error.map((fault) => named(fault, ref, namedAt))),
    );
  }

  list(ref: string, endings: readonly string[]): Promise<Result<readonly string[], SourceFailure>> {
    return this.reader.list(ref, endings);
  }

  /** Where a document that was read really is; undefined for one that was not. */
  locationOf(ref: string): string | undefined {
    return this.held.get(ref)?.location;
  }

  realPath(ref: string): Promise<string> {
    return this.reader.realPath(ref);
  }

  /** What was read, by its reference. */
  etags(): ReadonlyMap<string, string> {
    return new Map([...this.held].map(([ref, { etag }]) => [ref, etag]));
  }

  private async readOnce(ref: string): Promise<Result<ConfigNode, readonly Fault[]>> {
    const known = this.before?.held.get(ref);
    const source = await this.reader.read(ref, known?.etag);
    if (!source.ok) return err([unreadable(source.error)]);
    if (source.value === 'unchanged') {
      if (known === undefined)
        return err([{ place: { file: ref }, message: 'was not read before, yet is said to be unchanged' }]);
      this.held.set(ref, known);
      return known.document;
    }
    const document = parseYaml(source.value.bytes, ref);
    this.held.set(ref, { etag: source.value.etag, location: await this.reader.realPath(ref), document });
    return document;
  }

  /** Without the store before it, so that old documents do not pile up. */
  private alone(): DocumentStore {
    const copy = new DocumentStore(this.reader);
    for (const [ref, held] of this.held) copy.held.set(ref, held);
    return copy;
  }
}

/** The fault of a document that cannot be read, about the document itself. */
export function unreadable({ ref, problem, evidence }: SourceFailure): Fault {
  const hint = SELF_EXPLAINING.has(problem) ? {} : { hint: evidence };
  return { place: { file: ref }, message: PROBLEM_WORDS[problem], ...hint };
}

function named(fault: Fault, ref: string, place: Place): Fault {
  const aboutFile = fault.place?.file === ref && fault.place.line === undefined;
  return aboutFile ? { ...fault, place, message: `"${ref}" ${fault.message}` } : fault;
}
