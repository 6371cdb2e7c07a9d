import { createHmac } from 'node:crypto';
import { type Notice, noticeText } from '../../core/notice.ts';

/** A sink that has not answered by then counts as failed. */
const ANSWER_WITHIN_MS = 10_000;

/** Where to post, and how to prove who posts. */
export interface PostTarget {
  readonly url: string;
  readonly stop: AbortSignal;
}

/** Posts a notice in the form that Slack's incoming webhooks take. */
export async function postToSlack({ url, stop }: PostTarget, notice: Notice): Promise<void> {
  await post(url, JSON.stringify({ text: slackText(noticeText(notice)) }), {}, stop);
}

/** Slack's control characters: without this, a message could call a whole channel (Slack, "Escaping text"). */
function slackText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Posts a notice as JSON with `Slipway-Signature: t=<epoch seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the shared
 * secret. The time is signed, so that a receiver can refuse what somebody plays back.
 */
export async function postSigned(
  { url, stop }: PostTarget,
  notice: Notice,
  secret: string,
  now: number,
): Promise<void> {
  const body = JSON.stringify(notice);
  const seconds = Math.floor(now / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  const headers = { 'slipway-signature': `t=${seconds},v1=${signature}`, 'idempotency-key': notice.dedupeKey };
  await post(url, body, headers, stop);
}

/** The address may hold a secret: errors name its host only. Redirects are not followed: they would carry it elsewhere. */
async function post(url: string, body: string, headers: Record<string, string>, stop: AbortSignal): Promise<void> {
  const { host } = new URL(url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'manual',
    signal: AbortSignal.any([stop, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  }).catch((error: unknown) => {
    throw new Error(`${host} cannot be reached: ${causeOf(error)}`);
  });
  await response.body?.cancel();
  if (response.status >= 300 && response.status < 400)
    throw new Error(`${host} answered with a redirect (${response.status}), which is not followed`);
  if (!response.ok) throw new Error(`${host} answered ${response.status}`);
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.name;
}
