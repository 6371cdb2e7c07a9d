import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingTests, namedTests } from './named-tests.ts';

const COUNT = 52;
const rows = readFileSync('docs/incidents.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id, thread, story, here] = /^\| (R\d+) \| (.+?) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id, thread, story, here: here ?? '' }];
  });

describe('the page of incidents', () => {
  it('has all of them, each once', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, index) => `R${index + 1}`));
  });

  it.each(rows)('names for $id a test that is there', ({ id, here }) => {
    const [named, ...more] = namedTests(here);
    expect(more).toEqual([]);
    if (named === undefined) throw new Error(`${id} names no test`);
    expect(missingTests([named])).toEqual([]);
    // Without a title of another test, the incident's own test must be there.
    if (named.title === undefined) expect(readFileSync(named.file, 'utf8')).toMatch(new RegExp(`['"\`]${id}: `));
    else expect(here).toMatch(/^Cannot happen: /);
  });
});
