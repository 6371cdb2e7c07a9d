import { type JsonCall, type JsonService, type LocalClock, unknownOperation } from '../service.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './log-groups.ts';
import { LogStore } from './log-store.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './log-streams.ts';
import { LogsAccount } from './logs-account.ts';
import type { LogsSink, SinkEvent } from './logs-sink.ts';
import { putLogEvents } from './put-log-events.ts';

export interface LogsOptions {
  /** Undefined keeps nothing on disk. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

type Operation = (account: LogsAccount, call: JsonCall) => Record<string, unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateLogGroup: createLogGroup,
  CreateLogStream: createLogStream,
  DeleteLogGroup: deleteLogGroup,
  DeleteLogStream: deleteLogStream,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  PutLogEvents: putLogEvents,
  PutRetentionPolicy: putRetentionPolicy,
};

/** Local CloudWatch Logs: groups, streams and events; no Insights, no live tail, no metrics. */
export function createLogs(options: LogsOptions): JsonService & { readonly sink: LogsSink } {
  const store = new LogStore(options.stateDir);
  const account = new LogsAccount({ ...options, store });
  return {
    name: 'logs',
    targetPrefix: 'Logs_20140328',
    contentType: 'application/x-amz-json-1.1',
    call: async (call) => {
      const operation = Object.hasOwn(OPERATIONS, call.operation) ? OPERATIONS[call.operation] : undefined;
      if (operation === undefined) throw unknownOperation('CloudWatch Logs', call.operation);
      return operation(account, call);
    },
    sink: sinkOf(account),
    close: async () => store.close(),
  };
}

function sinkOf({ store, clock }: LogsAccount): LogsSink {
  return {
    put: (groupName, streamName, events) => {
      const group = store.group(groupName);
      const now = clock.now();
      const stream = group.streams.get(streamName) ?? store.addStream(group, streamName, now);
      stream.events.append(
        events.map(({ timestamp, message }: SinkEvent) => ({ timestamp, message, ingestedAt: now })),
      );
    },
    createGroup: (name) => {
      if (store.findGroup(name) === undefined) store.addGroup(name, clock.now());
    },
    hasGroup: (name) => store.findGroup(name) !== undefined,
  };
}
