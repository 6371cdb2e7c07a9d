import { hostname } from 'node:os';
import type { AwsClientOptions } from '../aws/client-options.ts';
import type { Fault } from '../core/fault.ts';
import type { Result } from '../core/result.ts';
import type { Source, SourceFailure, SourceReader } from '../core/source-reader.ts';
import { type AgentConfig, parseAgentConfig } from '../templates/agent-config.ts';
import { emptyMap } from '../templates/config-node.ts';
import { DocumentStore } from '../templates/document-store.ts';
import { isS3 } from '../templates/place-ref.ts';
import { fileSourceReader } from '../templates/read-file-source.ts';
import type { Settings } from '../templates/settings.ts';
import { loadWorkspace, type Workspace } from '../templates/workspace.ts';
import { EXIT } from './exit-codes.ts';
import { FaultsError } from './user-error.ts';

const NO_FILE = 'no agent.yaml was read: give --config, or what is missing by flags';

/** Where the settings come from: a file, flags and variables, or only the latter. */
export interface ConfigSource {
  readonly configRef: string | undefined;
  readonly settings: Settings;
}

/** Reads configuration from disk and from S3, and knows which exit code tells of what was in the way. */
export class ConfigReader implements SourceReader {
  readonly #aws: AwsClientOptions;
  /** By reference: an agent reads for weeks. */
  readonly #failures = new Map<string, SourceFailure>();
  #s3: Promise<SourceReader> | undefined;
  #isWithoutFile = false;

  constructor(aws: AwsClientOptions) {
    this.#aws = aws;
  }

  /** What could not be read so far. */
  get failures(): readonly SourceFailure[] {
    return [...this.#failures.values()];
  }

  async read(ref: string, knownEtag?: string): Promise<Result<Source | 'unchanged', SourceFailure>> {
    return this.#noted(await (await this.#readerOf(ref)).read(ref, knownEtag));
  }

  async list(ref: string, endings: readonly string[]): Promise<Result<readonly string[], SourceFailure>> {
    return this.#noted(await (await this.#readerOf(ref)).list(ref, endings));
  }

  async realPath(ref: string): Promise<string> {
    return (await this.#readerOf(ref)).realPath(ref);
  }

  /** agent.yaml with its settings, without flows and templates. */
  async agent({ configRef, settings }: ConfigSource): Promise<AgentConfig> {
    this.#isWithoutFile = configRef === undefined;
    const document =
      configRef === undefined
        ? ({ ok: true, value: emptyMap({ file: 'flags' }) } as const)
        : await new DocumentStore(this).read(configRef);
    const parsed = document.ok ? parseAgentConfig(document.value, settings, hostname()) : document;
    if (parsed.ok) return parsed.value;
    throw this.faultsError(parsed.error);
  }

  /** agent.yaml, templates and flows. */
  async workspace({ configRef, settings }: ConfigSource): Promise<Workspace> {
    this.#isWithoutFile = configRef === undefined;
    const config = configRef === undefined ? {} : { configRef };
    const loaded = await loadWorkspace({ ...config, settings, reader: this, hostName: hostname() });
    if (loaded.ok) return loaded.value;
    throw this.faultsError(loaded.error);
  }

  /** Faults as an error: denied or unreachable sources ask for another remedy than wrong words. */
  faultsError(faults: readonly Fault[]): FaultsError {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const next = this.#isWithoutFile ? { next: NO_FILE } : {};
    return new FaultsError(`${count} in the configuration`, faults, { exitCode: this.#exitCode(), ...next });
  }

  #exitCode(): number {
    const kept = this.failures.some(
      ({ ref, problem }) => problem === 'denied' || (problem === 'unavailable' && isS3(ref)),
    );
    return kept ? EXIT.access : EXIT.config;
  }

  #noted<T>(result: Result<T, SourceFailure>): Result<T, SourceFailure> {
    if (!result.ok) this.#failures.set(result.error.ref, result.error);
    return result;
  }

  async #readerOf(ref: string): Promise<SourceReader> {
    if (!isS3(ref)) return fileSourceReader;
    this.#s3 ??= createS3Reader(this.#aws);
    return this.#s3;
  }
}

/** The SDK is loaded only where something is in S3. */
async function createS3Reader(aws: AwsClientOptions): Promise<SourceReader> {
  const [{ createS3Client }, { S3SourceReader }] = await Promise.all([
    import('../aws/create-s3-client.ts'),
    import('../aws/s3-source-reader.ts'),
  ]);
  return new S3SourceReader(createS3Client(aws));
}
