import type { Fault } from '../core/fault.ts';
import type { FileStore } from '../core/file-store.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Clock } from '../service/clock.ts';
import type { FlowDefinition } from '../templates/flow-definition.ts';
import { type PackedArtifact, packArtifact } from './pack-artifact.ts';

/** Where the code of flows that lies on the agent's disk goes before a task needs it. */
export interface ArtifactPublisher {
  /** The artifact's `s3://` address, with the file there; undefined for a flow without one. */
  publish(flow: FlowDefinition, bucket: string | undefined): Promise<Result<string | undefined, Fault>>;
}

/** For so long an artifact is taken to be what it was when it was packed: a burst of runs packs it once. */
const PACKED_FOR_MS = 1_000;

/** Uploads artifacts under their content's hash: once for each content, and never over another. */
export class S3ArtifactPublisher implements ArtifactPublisher {
  readonly #files: FileStore;
  readonly #clock: Clock;
  readonly #located = new Map<string, { readonly until: number; readonly result: ReturnType<typeof locateArtifact> }>();
  readonly #uploaded = new Map<string, Promise<void>>();

  constructor(files: FileStore, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  async publish(flow: FlowDefinition, bucket: string | undefined): Promise<Result<string | undefined, Fault>> {
    const located = await this.#locate(flow, bucket);
    if (!located.ok || located.value === undefined) return located.ok ? ok(undefined) : located;
    const { uri, packed } = located.value;
    if (packed !== undefined) await this.#upload(uri, packed);
    return ok(uri);
  }

  #locate(flow: FlowDefinition, bucket: string | undefined): ReturnType<typeof locateArtifact> {
    if (flow.artifact?.kind !== 'local') return locateArtifact(flow, bucket);
    const now = this.#clock.monotonic();
    const known = this.#located.get(flow.artifact.path);
    if (known !== undefined && now < known.until) return known.result;
    const result = locateArtifact(flow, bucket);
    this.#located.set(flow.artifact.path, { until: now + PACKED_FOR_MS, result });
    return result;
  }

  #upload(uri: string, { bytes }: PackedArtifact): Promise<void> {
    const known = this.#uploaded.get(uri);
    if (known !== undefined) return known;
    const upload = this.#files.put(uri, bytes, { ifAbsent: true });
    this.#uploaded.set(uri, upload);
    upload.catch(() => this.#uploaded.delete(uri));
    return upload;
  }
}

interface LocatedArtifact {
  readonly uri: string;
  /** What belongs there; absent for an artifact that is in S3 already. */
  readonly packed?: PackedArtifact;
}

/** Where a flow's artifact is or will be, without writing anything. */
export async function locateArtifact(
  { artifact, flow }: FlowDefinition,
  bucket: string | undefined,
): Promise<Result<LocatedArtifact | undefined, Fault>> {
  if (artifact === undefined) return ok(undefined);
  if (artifact.kind === 's3') return ok({ uri: artifact.uri });
  if (bucket === undefined) {
    return err({
      message: `the artifact of ${flow} lies on this disk, and there is no bucket to put it in`,
      hint: 'set bucket',
    });
  }
  const packed = await packArtifact(artifact.path);
  if (!packed.ok) return packed;
  const { sha256, fileName } = packed.value;
  return ok({ uri: `${bucket.replace(/\/$/, '')}/artifacts/${flow}/${sha256}/${fileName}`, packed: packed.value });
}
