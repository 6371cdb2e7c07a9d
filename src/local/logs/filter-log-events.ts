import { type Input, optionalNumber, optionalText, textList } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { readFilterPattern } from './filter-pattern.ts';
import { fill, readLimit } from './get-log-events.ts';
import { groupNameOf } from './log-groups.ts';
import type { LogGroup, LogStream } from './log-store.ts';
import type { LogsAccount } from './logs-account.ts';
import { invalidParameter, noStream } from './logs-errors.ts';
import type { LogEvent } from './stream-events.ts';

const MAX_STREAM_NAMES = 100;
const TOKEN = /^(\d+)\.(\d+)\.(\d+)$/;

/** An event with its place among all events of the group. */
interface FoundEvent extends LogEvent {
  readonly stream: LogStream;
  readonly index: number;
}

/** FilterLogEvents: the events of several streams in the order of time. The end has no token. */
export function filterLogEvents(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const group = account.store.group(groupNameOf(input));
  const limit = readLimit(input);
  const found = wantedStreams(group, input)
    .flatMap((stream) => matching(stream, input))
    .sort(inOrder);
  const after = readToken(input);
  const rest = after === undefined ? found : found.filter((event) => inOrder(after, event) < 0);
  const shown = rest.slice(0, fill(rest, limit));
  const last = shown.at(-1);
  return {
    events: shown.map(eventOut),
    searchedLogStreams: [],
    ...(last !== undefined && shown.length < rest.length ? { nextToken: placeOf(last) } : {}),
  };
}

function wantedStreams(group: LogGroup, input: Input): LogStream[] {
  const names = textList(input, 'logStreamNames');
  const prefix = optionalText(input, 'logStreamNamePrefix');
  if (names.length > 0 && prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot be given together.');
  }
  if (names.length > MAX_STREAM_NAMES) throw invalidParameter(`Up to ${MAX_STREAM_NAMES} logStreamNames can be given.`);
  if (names.length === 0) return [...group.streams.values()].filter(({ name }) => name.startsWith(prefix ?? ''));
  return names.map((name) => {
    const stream = group.streams.get(name);
    if (stream === undefined) throw noStream();
    return stream;
  });
}

function matching(stream: LogStream, input: Input): FoundEvent[] {
  const matches = readFilterPattern(optionalText(input, 'filterPattern') ?? '');
  const start = optionalNumber(input, 'startTime') ?? 0;
  const end = optionalNumber(input, 'endTime') ?? Number.POSITIVE_INFINITY;
  return stream.events.all().flatMap((event, index) => {
    const within = event.timestamp >= start && event.timestamp <= end;
    return within && matches(event.message) ? [{ ...event, stream, index }] : [];
  });
}

interface Place {
  readonly timestamp: number;
  readonly stream: { readonly number: number };
  readonly index: number;
}

function inOrder(a: Place, b: Place): number {
  return a.timestamp - b.timestamp || a.stream.number - b.stream.number || a.index - b.index;
}

function placeOf(event: Place): string {
  return `${event.timestamp}.${event.stream.number}.${event.index}`;
}

function readToken(input: Input): Place | undefined {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const match = TOKEN.exec(token);
  if (match === null) throw invalidParameter('The specified nextToken is invalid.');
  return { timestamp: Number(match[1]), stream: { number: Number(match[2]) }, index: Number(match[3]) };
}

function eventOut(event: FoundEvent): Record<string, unknown> {
  return {
    logStreamName: event.stream.name,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestedAt,
    eventId: placeOf(event).replaceAll('.', '').padStart(56, '0'),
  };
}
