import { type Input, optionalFlag, optionalNumber, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { groupNameOf } from './log-groups.ts';
import { streamNameOf } from './log-streams.ts';
import type { LogsAccount } from './logs-account.ts';
import { invalidParameter } from './logs-errors.ts';
import { sizeOfEvent } from './put-log-events.ts';
import type { LogEvent } from './stream-events.ts';

/** A page of events: both limits are of the API (GetLogEvents, FilterLogEvents). */
const MAX_PAGE_EVENTS = 10_000;
const MAX_PAGE_BYTES = 1_048_576;

const TOKEN = /^([fb])\/(\d+)$/;

/**
 * GetLogEvents. A token is a place between two events: `f/n` goes on with the nth event, `b/n` ends before it. At an
 * end of the stream the token comes back as it was given.
 */
export function getLogEvents(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const events = account.store.stream(groupNameOf(input), streamNameOf(input)).events.all();
  const { start, end } = pageBounds(events, input);
  return {
    events: events.slice(start, end).map(eventOut),
    nextForwardToken: `f/${end}`,
    nextBackwardToken: `b/${start}`,
  };
}

/** The places of the first event that a page has, and of the first that it has not. */
function pageBounds(events: readonly LogEvent[], input: Input): { start: number; end: number } {
  const limit = readLimit(input);
  const from = firstAt(events, optionalNumber(input, 'startTime') ?? 0);
  const to = Math.max(from, firstAt(events, optionalNumber(input, 'endTime') ?? Number.POSITIVE_INFINITY));
  const token = readToken(input);
  const forward = token === undefined ? optionalFlag(input, 'startFromHead') === true : token.forward;
  if (forward) {
    const start = Math.max(from, token?.place ?? from);
    return { start, end: Math.max(start, fill(events.slice(start, to), limit) + start) };
  }
  const end = Math.min(to, token?.place ?? to);
  const room = events.slice(Math.min(from, end), end).reverse();
  return { start: end - fill(room, limit), end };
}

/** How many of the events a page takes: at least one, if there is any. */
export function fill(events: readonly LogEvent[], limit: number): number {
  let bytes = 0;
  let count = 0;
  for (const event of events) {
    bytes += sizeOfEvent(event);
    if (count === limit || (count > 0 && bytes > MAX_PAGE_BYTES)) break;
    count += 1;
  }
  return count;
}

export function readLimit(input: Input): number {
  const limit = optionalNumber(input, 'limit') ?? MAX_PAGE_EVENTS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_EVENTS) {
    throw invalidParameter(`Value ${limit} at 'limit' must be from 1 to ${MAX_PAGE_EVENTS}.`);
  }
  return limit;
}

function readToken(input: Input): { forward: boolean; place: number } | undefined {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const match = TOKEN.exec(token);
  if (match === null) throw invalidParameter('The specified nextToken is invalid.');
  return { forward: match[1] === 'f', place: Number(match[2]) };
}

/** The place of the first event not before `time`. */
function firstAt(events: readonly LogEvent[], time: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.timestamp ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function eventOut(event: LogEvent): Record<string, unknown> {
  return { timestamp: event.timestamp, message: event.message, ingestionTime: event.ingestedAt };
}
