/**
 * Text of strangers (a body, a container's last words) as one line that only shows: control characters would move the
 * cursor, change colours or fake lines of ours.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => SHORT[char] ?? `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
