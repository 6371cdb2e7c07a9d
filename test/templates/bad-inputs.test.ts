import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BAD, badInputs, wordsAbout } from './bad-inputs.ts';

const expected = JSON.parse(readFileSync(join(BAD, 'expected.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

describe('bad inputs', () => {
  it.each(badInputs())('%s is refused with its words and its place', async (path) => {
    expect(await wordsAbout(path)).toEqual(expected[path]);
  });

  it('are refused every one, and are many', () => {
    expect(Object.keys(expected).sort()).toEqual(badInputs());
    expect(badInputs().length).toBeGreaterThanOrEqual(150);
    expect(Object.values(expected).every((faults) => faults.length > 0)).toBe(true);
  });

  it('never leave a trace of the program in what is said', () => {
    const said = Object.values(expected).flat();
    expect(
      said.filter((line) => /\bat \w+ \(|TypeError|undefined|\[object|node_modules|Invalid input/.test(line)),
    ).toEqual([]);
  });
});
