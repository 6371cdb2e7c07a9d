import { describe, expect, it } from 'vitest';
import { maskedJson, secretMask } from '../../src/worker/secret-mask.ts';

const SECRET = `p"a'ss\\word/+ü€ 1`;

describe('the mask of secrets', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in hex', Buffer.from(SECRET).toString('hex')],
  ])('takes a value out %s', (_how, written) => {
    expect(secretMask([SECRET])(`no answer from me:${written}@db: again ${written}!`)).toBe(
      'no answer from me:***@db: again ***!',
    );
  });

  it('takes out the members of a secret that is JSON', () => {
    const mask = secretMask([JSON.stringify({ username: 'reporter', password: 'hunter2-hunter2', port: 5432 })]);
    expect(mask('reporter may not log in with hunter2-hunter2 at 5432')).toBe('*** may not log in with *** at 5432');
  });

  it('leaves nothing of a value that holds another', () => {
    expect(secretMask(['abcdef', 'abcdef-ghijkl'])('x abcdef-ghijkl y abcdef')).toBe('x *** y ***');
  });

  it('leaves words alone that a short secret would take apart', () => {
    expect(secretMask(['on', '12345', ''])('connection 12345 failed')).toBe('connection 12345 failed');
  });

  it('looks at every text in a value, and at nothing else', () => {
    const value = { a: ['x secret-1 y', { b: 'secret-1' }], c: 1, d: null, e: true };
    expect(maskedJson(value, secretMask(['secret-1']))).toEqual({
      a: ['x *** y', { b: '***' }],
      c: 1,
      d: null,
      e: true,
    });
  });
});
