import { describe, expect, it } from 'vitest';
import { readFilterPattern } from '../../../src/local/logs/filter-pattern.ts';

describe('a filter pattern', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR timeout', 'timeout: ERROR', true],
    ['ERROR timeout', 'ERROR only', false],
    ['?ERROR ?WARN', 'WARN it', true],
    ['?ERROR ?WARN', 'fine', false],
    ['ERROR -retry', 'ERROR, will retry', false],
    ['ERROR -retry', 'ERROR, gave up', true],
    ['"exit code: 1"', 'ended with exit code: 1', true],
    ['"exit code: 1"', 'exit 1 code:', false],
    ['-"not found" ERROR', 'ERROR not found', false],
    ['"say \\"hi\\""', 'they say "hi" now', true],
    ['?ERROR fine', 'fine', true],
  ])('%s on %j is %s', (pattern, message, expected) => {
    expect(readFilterPattern(pattern)(message)).toBe(expected);
  });

  it.each(['{ $.level = "error" }', '[ip, user, status=4*]', '%regex%'])(
    'refuses %s, which it cannot read',
    (pattern) => {
      expect(() => readFilterPattern(pattern)).toThrow('Local AWS filters by terms only');
    },
  );

  it('refuses a term with a sign that belongs in quotes', () => {
    expect(() => readFilterPattern('exit:1')).toThrow("Invalid character(s) in term 'exit:1'");
  });
});
