import { readFile } from 'node:fs/promises';
import type { Notice } from '../../core/notice.ts';
import { isSafeUrl, type NotifySink } from '../../templates/notify-shape.ts';
import { postSigned, postToSlack } from './post-notice.ts';
import { runNoticeCommand } from './run-notice-command.ts';

/** Publishes to a topic of SNS. */
export type PublishNotice = (topic: string, notice: Notice, stop: AbortSignal) => Promise<void>;

export interface SendNoticeDeps {
  readonly publish: PublishNotice;
  readonly now: () => number;
}

/** Tells a sink; rejects with words that hold no secret if that failed. What is kept in files is read each time. */
export async function sendNotice(
  { publish, now }: SendNoticeDeps,
  sink: NotifySink,
  notice: Notice,
  stop: AbortSignal,
): Promise<void> {
  switch (sink.to) {
    case 'slack':
      return postToSlack({ url: await urlOf(sink), stop }, notice);
    case 'webhook':
      return postSigned({ url: await urlOf(sink), stop }, notice, await secretOf(sink), now());
    case 'sns':
      return publish(sink.topic, notice, stop);
    case 'command':
      return runNoticeCommand(sink.command, notice, stop);
    default:
      return sink satisfies never;
  }
}

async function urlOf({ webhook, webhookFile }: Extract<NotifySink, { to: 'slack' | 'webhook' }>): Promise<string> {
  const url = webhook ?? (await textOf(webhookFile));
  if (isSafeUrl(url)) return url;
  throw new Error(`${webhookFile} holds no https:// address`);
}

async function secretOf({ secret, secretFile }: Extract<NotifySink, { to: 'webhook' }>): Promise<string> {
  const text = secret ?? (await textOf(secretFile));
  if (text.length >= 16) return text;
  throw new Error(`${secretFile} holds fewer than 16 characters`);
}

async function textOf(file = ''): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}
