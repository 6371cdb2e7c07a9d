/** A body of the corpus. */
export interface MessageCase {
  readonly name: string;
  /** Pieces of text, each so many times: bodies of a megabyte are not written out. */
  readonly body: readonly (readonly [text: string, times: number])[];
  readonly end: MessageEnd;
}

export type MessageEnd =
  | { readonly kind: 'accepted'; readonly runId?: string }
  /** On record as FAILED with this code; its reason holds these words. */
  | { readonly kind: 'rejected'; readonly code: 'INVALID_REQUEST'; readonly why: string };

export function bodyOf({ body }: Pick<MessageCase, 'body'>): string {
  return body.map(([text, times]) => text.repeat(times)).join('');
}

export function accepted(name: string, body: string, runId?: string): MessageCase {
  return { name, body: [[body, 1]], end: { kind: 'accepted', ...(runId === undefined ? {} : { runId }) } };
}

export function rejected(name: string, body: string | MessageCase['body'], why: string): MessageCase {
  const pieces = typeof body === 'string' ? ([[body, 1]] as const) : body;
  return { name, body: pieces, end: { kind: 'rejected', code: 'INVALID_REQUEST', why } };
}

/** A request for a flow with these fields besides, as text. */
export function request(over: object): string {
  return JSON.stringify({ flow: 'etl', ...over });
}
