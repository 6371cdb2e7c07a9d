import { invalidParameter } from './logs-errors.ts';

const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))(?=\s|$)/y;
const BARE_TERM = /^\w+$/;

interface Terms {
  readonly all: readonly string[];
  readonly any: readonly string[];
  readonly none: readonly string[];
}

/**
 * Reads a filter pattern of terms: `A B` (both), `?A ?B` (one of them), `-A` (not), `"a phrase"`; case counts
 * (CloudWatch Logs User Guide, "Filter pattern syntax"). Patterns of JSON, columns and regular expressions are
 * refused rather than taken for something else.
 */
export function readFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) {
    throw invalidParameter(
      `Local AWS filters by terms only ("ERROR timeout", ?A ?B, -A, "a phrase"); it does not know the pattern ${text}`,
    );
  }
  const terms = readTerms(text);
  return (message) =>
    terms.all.every((term) => message.includes(term)) &&
    terms.none.every((term) => !message.includes(term)) &&
    (terms.any.length === 0 || terms.any.some((term) => message.includes(term)));
}

/** Optional terms beside others are ignored, as the guide says. */
function readTerms(text: string): Terms {
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  for (const { sign, term } of tokens(text)) {
    (sign === '-' ? none : sign === '?' ? any : all).push(term);
  }
  return { all, none, any: all.length + none.length > 0 ? [] : any };
}

function* tokens(text: string): Iterable<{ sign: string; term: string }> {
  const matcher = new RegExp(TERM);
  for (let at = 0; at < text.length; at = matcher.lastIndex + skipBlank(text, matcher.lastIndex)) {
    matcher.lastIndex = at;
    const match = matcher.exec(text);
    if (match === null) throw invalidParameter(`Invalid filter pattern: ${text}`);
    const [, sign = '', quoted, bare = ''] = match;
    if (quoted === undefined && !BARE_TERM.test(bare)) {
      throw invalidParameter(`Invalid character(s) in term '${bare}': put it in double quotes.`);
    }
    yield { sign, term: quoted?.replace(/\\(.)/g, '$1') ?? bare };
  }
}

function skipBlank(text: string, from: number): number {
  return /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
}
