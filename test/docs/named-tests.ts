import { existsSync, readFileSync } from 'node:fs';

/** A test that a page refers to: `` `test/agent/x.test.ts` ``, or with `: "title"` after it. */
export interface NamedTest {
  readonly file: string;
  readonly title?: string;
}

/** Every test that a text names. */
export function namedTests(text: string): readonly NamedTest[] {
  const named = text.matchAll(/`(test\/[\w./-]+\.test\.ts)`(?::\s+"([^"]+)")?/g);
  return [...named].map(([, file = '', title]) => (title === undefined ? { file } : { file, title }));
}

/** Those of them that are not there. */
export function missingTests(tests: readonly NamedTest[]): readonly NamedTest[] {
  return tests.filter(({ file, title }) => !existsSync(file) || !(title === undefined || hasTitle(file, title)));
}

/** Whether a file has a test of exactly this title; apostrophes may be written in either kind of quotes. */
function hasTitle(file: string, title: string): boolean {
  const text = readFileSync(file, 'utf8').replaceAll("\\'", "'");
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted));
}
