import type { AwsClientOptions } from '../aws/client-options.ts';
import type { LoggingContainer, LogLocation } from '../core/log-locator.ts';
import type { LogLine, LogReader } from '../core/log-reader.ts';
import type { Result } from '../core/result.ts';

export interface LogTailOptions {
  locate(source: LoggingContainer): Promise<Result<LogLocation, string>>;
  /** The reader for a region, or for the usual one. */
  reader(region: string | undefined): LogReader;
}

/** The output of one container after the other, each line once. */
export class LogTail {
  readonly #options: LogTailOptions;
  #place: { readonly taskArn: string; readonly location: Result<LogLocation, string> } | undefined;
  #cursor: string | undefined;

  constructor(options: LogTailOptions) {
    this.#options = options;
  }

  /** Why there is no output to read, if the definition says so. */
  get obstacle(): string | undefined {
    const location = this.#place?.location;
    return location === undefined || location.ok ? undefined : location.error;
  }

  /** The lines that have come since the last call. */
  async read(source: LoggingContainer): Promise<readonly LogLine[]> {
    if (this.#place?.taskArn !== source.taskArn) {
      this.#place = { taskArn: source.taskArn, location: await this.#options.locate(source) };
      this.#cursor = undefined;
    }
    const { location } = this.#place;
    return location.ok ? this.#readOn(location.value) : [];
  }

  /** A page may be empty while more lines follow; the same cursor again is the end (API GetLogEvents). */
  async #readOn({ group, stream, region }: LogLocation): Promise<readonly LogLine[]> {
    const reader = this.#options.reader(region);
    const lines: LogLine[] = [];
    for (;;) {
      const page = await reader.read(group, stream, this.#cursor);
      lines.push(...page.lines);
      if (page.cursor === this.#cursor) return lines;
      this.#cursor = page.cursor;
    }
  }
}

/** Output in CloudWatch Logs, found by way of ECS. */
export async function openLogTail(aws: AwsClientOptions): Promise<LogTail> {
  const [{ createEcsClient }, { createLogsClient }, { locateLog }, { CloudWatchLogReader }] = await Promise.all([
    import('../aws/create-ecs-client.ts'),
    import('../aws/create-logs-client.ts'),
    import('../aws/log-location.ts'),
    import('../aws/logs-reader.ts'),
  ]);
  const ecs = createEcsClient(aws);
  const readers = new Map<string | undefined, LogReader>();
  const reader = (region: string | undefined): LogReader => {
    const place = aws.endpoint === undefined ? region : undefined;
    const known = readers.get(place);
    const made =
      known ?? new CloudWatchLogReader(createLogsClient(place === undefined ? aws : { ...aws, region: place }));
    readers.set(place, made);
    return made;
  };
  return new LogTail({ locate: (source) => locateLog(ecs, source), reader });
}
