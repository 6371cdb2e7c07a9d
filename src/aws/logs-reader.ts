import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogPage, LogReader } from '../core/log-reader.ts';
import { isAwsError } from './call-error.ts';

/** Output of containers that log with the awslogs driver. */
export class CloudWatchLogReader implements LogReader {
  readonly #logs: CloudWatchLogsClient;

  constructor(logs: CloudWatchLogsClient) {
    this.#logs = logs;
  }

  async read(group: string, stream: string, cursor: string | undefined): Promise<LogPage> {
    try {
      const { events = [], nextForwardToken } = await this.#logs.send(
        new GetLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          startFromHead: true,
          ...(cursor === undefined ? {} : { nextToken: cursor }),
        }),
      );
      const lines = events.map(({ timestamp = 0, message = '' }) => ({ at: timestamp, message }));
      return { lines, cursor: nextForwardToken };
    } catch (error) {
      // The stream begins with the container's first line: until then there is nothing to read, which is no error.
      if (isAwsError(error, 'ResourceNotFoundException')) return { lines: [], cursor };
      throw error;
    }
  }
}
