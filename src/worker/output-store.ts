import pLimit from 'p-limit';
import { isDenied } from '../aws/call-error.ts';
import type { ListedFileStore } from '../core/file-store.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { backOff } from './backoff.ts';
import { sha256Of } from './fetch-file.ts';
import type { OutputAnswer, OutputCall, OutputFormat, OutputPlace } from './flow-messages.ts';

export interface OutputStoreDeps {
  readonly files: ListedFileStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Without a bucket nothing is kept, and every attempt begins with the first step. */
  readonly bucket: string | undefined;
  readonly runId: string;
  /** The first attempt of a run has nothing to take up, and does not ask. */
  readonly attempt: number;
  readonly flow: string;
  /** Of the artifact: outputs of other code are not taken for its own. */
  readonly artifact: string;
}

const TRIES = 8;
const NEVER = new AbortController().signal;

/** Files read at once when an attempt takes up where the one before has ended. */
const READS_AT_ONCE = 16;

const STEP_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const EXTENSION = /^[A-Za-z0-9]{1,16}$/;

/**
 * Outputs of steps in S3, each in a file of its own that anybody can read: `storage/<run>/<step>/output.json`,
 * `storage/<run>/<step>/items/<index>.json`, `storage/cache/<flow>/<step>/<sha256 of the key>.json`. A file whose checksum
 * does not fit, or which other code has made, counts as not there: its step runs again.
 */
export class OutputStore {
  readonly #deps: OutputStoreDeps;
  #isMissed = false;

  constructor(deps: OutputStoreDeps) {
    this.#deps = deps;
  }

  /** Does what the flow's process asks for; rejects with what cannot be mended by trying again. */
  async answer(call: OutputCall): Promise<OutputAnswer> {
    if (this.#deps.bucket === undefined) return this.#withoutBucket(call);
    switch (call.do) {
      case 'load':
        return this.#load(this.#uriOf(call.place, call.format), call.place.of === 'cache');
      case 'save':
        return this.#save(this.#uriOf(call.place, call.format), call);
      case 'load-items':
        return this.#loadItems(call.step, call.format);
      default:
        return call satisfies never;
    }
  }

  #withoutBucket(call: OutputCall): undefined {
    if (call.do !== 'save' || this.#isMissed) return;
    this.#isMissed = true;
    this.#deps.log.warn('worker.outputs-not-kept', {
      error: 'no bucket is configured: another attempt runs all steps again',
    });
  }

  async #load(uri: string, ofAnyCode = false): Promise<Uint8Array | undefined> {
    const { files, log, artifact, attempt } = this.#deps;
    if (attempt === 1 && !ofAnyCode) return undefined;
    const file = await this.#insist(() => files.getWithMetadata(uri));
    if (file === undefined) return undefined;
    if (!ofAnyCode && file.metadata.artifact !== artifact) return undefined;
    if (file.metadata.sha256 === sha256Of(file.bytes)) return file.bytes;
    log.warn('worker.output-damaged', { ref: uri });
    return undefined;
  }

  async #save(uri: string, { bytes, format }: Extract<OutputCall, { do: 'save' }>): Promise<undefined> {
    const metadata = { sha256: sha256Of(bytes), artifact: this.#deps.artifact };
    await this.#insist(() => this.#deps.files.put(uri, bytes, { contentType: format.contentType, metadata }));
  }

  async #loadItems(step: string, format: OutputFormat): Promise<ReadonlyMap<number, Uint8Array>> {
    const items = new Map<number, Uint8Array>();
    if (this.#deps.attempt === 1) return items;
    const any = this.#uriOf({ of: 'item', step, index: 0 }, format);
    const prefix = any.slice(0, any.lastIndexOf('/') + 1);
    const uris = await this.#insist(() => this.#deps.files.list(prefix));
    const limit = pLimit(READS_AT_ONCE);
    const load = async (uri: string) => {
      const [name = '', extension] = uri.slice(prefix.length).split('.');
      const bytes = extension === format.extension && /^\d+$/.test(name) ? await this.#load(uri) : undefined;
      if (bytes !== undefined) items.set(Number(name), bytes);
    };
    await Promise.all(uris.map((uri) => limit(load, uri)));
    return items;
  }

  #uriOf(place: OutputPlace, { extension }: OutputFormat): string {
    const { bucket = '', runId, flow } = this.#deps;
    if (!STEP_NAME.test(place.step) || !EXTENSION.test(extension)) {
      throw new Error(`not the name of a step, or not a file's ending: ${place.step}, ${extension}`);
    }
    switch (place.of) {
      case 'step':
        return `${bucket}/storage/${runId}/${place.step}/output.${extension}`;
      case 'item':
        return `${bucket}/storage/${runId}/${place.step}/items/${Math.trunc(place.index)}.${extension}`;
      case 'cache':
        return `${bucket}/storage/cache/${flow}/${place.step}/${sha256Of(place.key)}.${extension}`;
      default:
        return place satisfies never;
    }
  }

  /** An output is hours of work, perhaps: it is worth many tries, unless it is denied, which no try changes. */
  async #insist<T>(work: () => Promise<T>): Promise<T> {
    const { clock, log } = this.#deps;
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (tries === TRIES || isDenied(error)) throw error;
        if (tries === 1) log.warn('worker.bucket-unavailable', { error: describeError(error) });
        await backOff(clock, tries, NEVER);
      }
    }
  }
}
