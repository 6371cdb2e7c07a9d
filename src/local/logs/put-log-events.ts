import { type Input, optionalNumber, optionalText, structureList } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { groupNameOf } from './log-groups.ts';
import { streamNameOf } from './log-streams.ts';
import type { LogsAccount } from './logs-account.ts';
import { invalidParameter } from './logs-errors.ts';
import type { LogEvent } from './stream-events.ts';

/** The limits of a batch and of its events' ages (CloudWatch Logs API, PutLogEvents). */
const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const MAX_SPAN_MS = 24 * 3_600_000;
const MAX_FUTURE_MS = 2 * 3_600_000;
const MAX_AGE_MS = 14 * 24 * 3_600_000;

/** PutLogEvents: takes the events of the batch that are neither too old nor too new, and says which are not taken. */
export function putLogEvents(account: LogsAccount, { input }: JsonCall): Record<string, unknown> {
  const now = account.clock.now();
  const stream = account.store.stream(groupNameOf(input), streamNameOf(input));
  const events = structureList(input, 'logEvents').map((event) => readEvent(event, now));
  checkBatch(events);
  const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - MAX_AGE_MS) + 1;
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + MAX_FUTURE_MS);
  stream.events.append(events.slice(tooOld, tooNew < 0 ? undefined : tooNew));
  const rejected = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(tooNew >= 0 ? { tooNewLogEventStartIndex: tooNew } : {}),
  };
  return {
    nextSequenceToken: String(stream.number),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

/** What an event counts for, in batches and in pages. */
export function sizeOfEvent(event: LogEvent): number {
  return Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
}

function readEvent(event: Input, ingestedAt: number): LogEvent {
  const timestamp = optionalNumber(event, 'timestamp');
  const message = optionalText(event, 'message') ?? '';
  if (timestamp === undefined || !Number.isInteger(timestamp) || timestamp < 0) {
    throw invalidParameter('Every log event needs a timestamp: milliseconds since 1970, an integer.');
  }
  if (message === '') throw invalidParameter('Every log event needs a message of at least one character.');
  return { timestamp, ingestedAt, message };
}

function checkBatch(events: readonly LogEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined || events.length > MAX_EVENTS) {
    throw invalidParameter(`A batch has from 1 to ${MAX_EVENTS} log events; this one has ${events.length}.`);
  }
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if (last.timestamp - first.timestamp > MAX_SPAN_MS) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  const bytes = events.reduce((sum, event) => sum + sizeOfEvent(event), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
}
