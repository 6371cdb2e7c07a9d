/** One line of a container's output. */
export interface LogLine {
  readonly at: number;
  readonly message: string;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Where to read on; pass it back. The same cursor again means that there is nothing new. */
  readonly cursor: string | undefined;
}

/** The output of containers, in CloudWatch Logs. */
export interface LogReader {
  /** The next lines of a stream; a stream that nothing has been written to yet has none. */
  read(group: string, stream: string, cursor: string | undefined): Promise<LogPage>;
}
