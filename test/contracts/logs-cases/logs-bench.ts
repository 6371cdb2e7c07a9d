import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ClientOptions, ContractCase } from '../contract-case.ts';

export type LogsCase = ContractCase<LogsBench>;

export interface StreamName {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** What the Logs cases work with: the real client, and groups that nobody else uses. */
export class LogsBench {
  readonly client: CloudWatchLogsClient;
  /** A moment of this run, a minute ago; events are put relative to it. */
  readonly startedAt = Date.now() - 60_000;

  constructor(options: ClientOptions) {
    this.client = new CloudWatchLogsClient(options);
  }

  async group(): Promise<string> {
    const logGroupName = newGroupName();
    await this.client.send(new CreateLogGroupCommand({ logGroupName }));
    return logGroupName;
  }

  async stream(group?: string, logStreamName = 'flow/main/1'): Promise<StreamName> {
    const name = { logGroupName: group ?? (await this.group()), logStreamName };
    await this.client.send(new CreateLogStreamCommand(name));
    return name;
  }

  /** Puts one event per message, `afterMs` and then a millisecond apart. */
  async put(name: StreamName, messages: readonly string[], afterMs = 0) {
    const logEvents = messages.map((message, n) => ({ message, timestamp: this.startedAt + afterMs + n }));
    return this.client.send(new PutLogEventsCommand({ ...name, logEvents }));
  }

  async get(name: StreamName, more: Partial<GetLogEventsCommandInput> = {}) {
    const { events = [], ...tokens } = await this.client.send(new GetLogEventsCommand({ ...name, ...more }));
    const { nextForwardToken = '', nextBackwardToken = '' } = tokens;
    return { messages: events.map(({ message = '' }) => message), events, nextForwardToken, nextBackwardToken };
  }
}

export function newGroupName(): string {
  return `/contract/${randomUUID()}`;
}
