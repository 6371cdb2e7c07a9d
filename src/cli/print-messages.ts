import type { PeekedMessage } from '../aws/peek-messages.ts';
import type { CliContext } from './cli-context.ts';
import { tableText } from './print-table.ts';
import { durationText } from './print-time.ts';
import type { Terminal } from './terminal.ts';

/** So much of a body is shown in a table; `-o json` has all of it. */
const BODY_WIDTH = 60;

export function printMessages(
  messages: readonly PeekedMessage[],
  output: string,
  { terminal, clock }: CliContext,
): void {
  if (output === 'json') terminal.data(JSON.stringify(messages, null, 2));
  else if (messages.length === 0) terminal.say('there are no messages');
  else terminal.data(messagesTable(messages, terminal, clock.now()));
}

function messagesTable(messages: readonly PeekedMessage[], terminal: Terminal, now: number): string {
  const rows = messages.map(({ messageId, sentAt, receiveCount, body, reason }) => [
    messageId.slice(0, 8),
    durationText(now - sentAt),
    String(receiveCount),
    oneLine(body),
    ...(reason === undefined ? [] : [oneLine(reason)]),
  ]);
  const head = ['MESSAGE', 'AGE', 'RECEIVED', 'BODY', 'BURIED BECAUSE'].map((title) =>
    terminal.dataStyle('dim', title),
  );
  return tableText([head, ...rows]);
}

/** A body is anybody's text: nothing in it may move a cursor. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > BODY_WIDTH ? `${plain.slice(0, BODY_WIDTH - 1)}…` : plain;
}
