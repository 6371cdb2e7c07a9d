/** One place where something of ours ends up: a process's output, a table, an answer, a notification. */
export interface Catch {
  readonly channel: string;
  readonly text: string;
}

export interface Leak {
  readonly channel: string;
  readonly canary: string;
  readonly writtenAs: string;
}

/** The ways in which a value gets into a text, by name. */
export function disguisesOf(value: string): ReadonlyMap<string, string> {
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  return new Map([
    ['itself', value],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON with escapes', [...value].map((char) => (char > '~' ? unicodeEscape(char) : jsonChar(char))).join('')],
    ['nothing but escapes', [...value].map(unicodeEscape).join('')],
    ['a URL', encodeURIComponent(value)],
    ['a form', new URLSearchParams({ v: value }).toString().slice(2)],
    ['HTML', html(value)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...[0, 1, 2].flatMap((offset): [string, string][] => [
      [`base64, ${offset} bytes in`, base64Within(bytes, offset, 'base64')],
      [`base64url, ${offset} bytes in`, base64Within(bytes, offset, 'base64url')],
    ]),
  ]);
}

/** Where a canary is found that must not be there. */
export function leaksOf(catches: readonly Catch[], canaries: Readonly<Record<string, string>>): readonly Leak[] {
  return Object.entries(canaries).flatMap(([canary, value]) => {
    const disguises = [...disguisesOf(value)];
    return catches.flatMap(({ channel, text }) =>
      disguises.filter(([, form]) => text.includes(form)).map(([writtenAs]) => ({ channel, canary, writtenAs })),
    );
  });
}

/** Encoded together with what stands around it: only the part that no neighbour can change is searched for. */
function base64Within(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, last);
}

function unicodeEscape(char: string): string {
  return [...Array(char.length).keys()]
    .map((index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

function jsonChar(char: string): string {
  return JSON.stringify(char).slice(1, -1);
}

function html(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
