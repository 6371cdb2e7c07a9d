import { connectAws } from '../agent/connect-aws.ts';
import { findDeadLetterQueue } from '../aws/dead-letter-queue.ts';
import { peekMessages } from '../aws/peek-messages.ts';
import { redriveMessages } from '../aws/redrive-messages.ts';
import type { CliContext } from './cli-context.ts';
import { tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { openQueue } from './open-queue.ts';
import { printMessages } from './print-messages.ts';
import { tableText } from './print-table.ts';
import { durationText } from './print-time.ts';
import { UserError } from './user-error.ts';

export interface ShowQueueFlags extends ConnectionFlags {
  readonly output: string;
}

export interface PeekFlags extends ShowQueueFlags {
  readonly limit: number;
}

/** Prints what waits: in the queue, in its dead-letter queue, and on record. */
export async function showQueueStatus(flags: ShowQueueFlags, context: CliContext): Promise<void> {
  const { sqs, url, connection } = await openQueue(flags, context);
  const gauge = connectAws(connection.aws).gauge(tableOf(connection));
  const dead = await findDeadLetterQueue(sqs, url);
  const now = context.clock.now();
  const oldestDue = await gauge.oldestDue(now);
  const status = {
    queue: url,
    ...(await gauge.depth(url)),
    deadLetters: dead === undefined ? null : { queue: dead.url, waiting: (await gauge.depth(dead.url)).waiting },
    oldestQueuedRunSeconds: oldestDue === undefined ? null : Math.round((now - oldestDue) / 1000),
  };
  if (flags.output === 'json') return context.terminal.data(JSON.stringify(status, null, 2));
  context.terminal.data(
    tableText([
      ['queue', url],
      ['waiting', String(status.waiting)],
      ['in flight', String(status.inFlight)],
      ['delayed', String(status.delayed)],
      ['dead letters', dead === undefined ? 'no dead-letter queue' : String(status.deadLetters?.waiting)],
      ['oldest run', oldestDue === undefined ? 'no run waits' : `has been due for ${durationText(now - oldestDue)}`],
    ]),
  );
}

/** Prints some messages without taking them. */
export async function peekQueue(flags: PeekFlags, context: CliContext): Promise<void> {
  const { sqs, url } = await openQueue(flags, context);
  printMessages(await peekMessages(sqs, url, flags.limit), flags.output, context);
}

/** Prints the dead letters, each with why it was buried. */
export async function peekDeadLetters(flags: PeekFlags, context: CliContext): Promise<void> {
  const { sqs, url } = await openQueue(flags, context);
  const dead = await findDeadLetterQueue(sqs, url);
  if (dead === undefined) throw withoutDeadLetters(url);
  printMessages(await peekMessages(sqs, dead.url, flags.limit), flags.output, context);
}

/** Has SQS move the dead letters back to the queue. */
export async function redriveDeadLetters(flags: ShowQueueFlags, context: CliContext): Promise<void> {
  const { sqs, url } = await openQueue(flags, context);
  const count = await redriveMessages(sqs, url);
  if (count === undefined) throw withoutDeadLetters(url);
  if (flags.output === 'json') return context.terminal.data(JSON.stringify({ queue: url, moving: count }));
  context.terminal.data(count === 0 ? 'there are no dead letters' : `SQS moves ${count} back to ${url}, one by one`);
}

function withoutDeadLetters(url: string): UserError {
  return new UserError(`${url} has no dead-letter queue`, {
    exitCode: EXIT.notFound,
    next: 'slipway setup   makes one and tells the queue of it',
  });
}
