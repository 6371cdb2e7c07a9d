import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingTests, namedTests } from './named-tests.ts';

const rows = readFileSync('docs/guarantees.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
  .map((line) => ({ line, says: line.slice(2, 60) }));

describe('the page of guarantees', () => {
  it('has promises, limits and what happens when things die', () => {
    expect(rows.length).toBeGreaterThan(35);
  });

  it.each(rows)('names a test that is there for: $says', ({ line }) => {
    const tests = namedTests(line);
    expect(tests.length).toBeGreaterThan(0);
    expect(missingTests(tests)).toEqual([]);
  });
});

describe('finding the tests that a page names', () => {
  it('misses a file that is not there, and a title that its file lacks', () => {
    const tests = namedTests('`test/no-such.test.ts`; `test/docs/guarantees.test.ts`: "a title that nobody has\u200b"');
    expect(missingTests(tests)).toHaveLength(2);
  });
});
