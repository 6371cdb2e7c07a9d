import { type Input, optionalFlag, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { groupNameOf } from './log-groups.ts';
import type { LogGroup, LogStream } from './log-store.ts';
import type { LogsAccount } from './logs-account.ts';
import { alreadyExists, invalidParameter } from './logs-errors.ts';
import { pageOf } from './name-page.ts';

const STREAM_NAME = /^[^:*]{1,512}$/;

export function createLogStream(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const group = account.store.group(groupNameOf(input));
  const name = streamNameOf(input);
  if (!STREAM_NAME.test(name)) {
    throw invalidParameter(`Value '${name}' at 'logStreamName' failed to satisfy constraint: [^:*]*, 1 to 512.`);
  }
  if (group.streams.has(name)) throw alreadyExists('log stream');
  account.store.addStream(group, name, account.clock.now());
  return {};
}

export function deleteLogStream(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const group = account.store.group(groupNameOf(input));
  account.store.dropStream(group, account.store.stream(group.name, streamNameOf(input)));
  return {};
}

export function describeLogStreams(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const group = account.store.group(groupNameOf(input));
  const { shown, nextToken } = pageOf(input, listed(group, input), ({ name }) => name);
  return {
    logStreams: shown.map((stream) => streamOut(account.groupArn(group), stream)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

export function streamNameOf(input: Input): string {
  const name = optionalText(input, 'logStreamName');
  if (name === undefined || name === '') throw invalidParameter('The request must name a log stream.');
  return name;
}

function listed(group: LogGroup, input: Input): LogStream[] {
  const prefix = optionalText(input, 'logStreamNamePrefix');
  const orderBy = optionalText(input, 'orderBy') ?? 'LogStreamName';
  if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime') {
    throw invalidParameter(`Value '${orderBy}' at 'orderBy' must be LogStreamName or LastEventTime.`);
  }
  if (prefix !== undefined && orderBy === 'LastEventTime') {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const streams = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (orderBy === 'LastEventTime') streams.sort((a, b) => lastEventTime(a) - lastEventTime(b));
  return optionalFlag(input, 'descending') === true ? streams.reverse() : streams;
}

function lastEventTime(stream: LogStream): number {
  return stream.events.all().at(-1)?.timestamp ?? 0;
}

function streamOut(groupArn: string, stream: LogStream): Record<string, unknown> {
  const events = stream.events.all();
  const [first, last] = [events[0], events.at(-1)];
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(first === undefined || last === undefined
      ? {}
      : {
          firstEventTimestamp: first.timestamp,
          lastEventTimestamp: last.timestamp,
          lastIngestionTime: last.ingestedAt,
        }),
    uploadSequenceToken: String(stream.number),
    arn: `${groupArn}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}
