import { describe, expect, it } from 'vitest';
import { disguisesOf, leaksOf } from './leak-net.ts';

const VALUE = 'canary"<4711>&/+ü€';

/** How somebody else would write it, without a line of the net's own. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['as it is', `password=${VALUE};`],
  ['in JSON', JSON.stringify({ password: VALUE })],
  ['in JSON within JSON', JSON.stringify({ body: JSON.stringify({ password: VALUE }) })],
  ['in JSON as Python writes it', String.raw`{"password": "canary\"<4711>&/+\u00fc\u20ac"}`],
  ['in a URL', `postgres://me:${encodeURIComponent(VALUE)}@host/`],
  ['in a form', new URLSearchParams({ a: '1', password: VALUE }).toString()],
  ['in HTML', '<b>canary&quot;&lt;4711&gt;&amp;/+ü€</b>'],
  ['in hex', Buffer.from(`xy${VALUE}z`).toString('hex')],
  ['in base64', Buffer.from(VALUE).toString('base64')],
  ['in base64, one byte in', Buffer.from(`:${VALUE}`).toString('base64')],
  ['in base64, two bytes in, and more behind', Buffer.from(`u:${VALUE}; and more`).toString('base64')],
  ['in base64url', Buffer.from(`user:${VALUE}`).toString('base64url')],
];

describe('the net for leaks', () => {
  it.each(WRITTEN)('catches a value %s', (_how, text) => {
    const leaks = leaksOf([{ channel: 'log', text }], { secret: VALUE });
    expect(leaks).toContainEqual({ channel: 'log', canary: 'secret', writtenAs: expect.any(String) });
  });

  it('says which of several canaries is where', () => {
    const catches = [
      { channel: 'a', text: 'nothing' },
      { channel: 'b', text: `x${Buffer.from('second-canary').toString('hex')}` },
    ];
    expect(leaksOf(catches, { one: 'first-canary', two: 'second-canary' })).toEqual([
      { channel: 'b', canary: 'two', writtenAs: 'hex' },
    ]);
  });

  it('searches for nothing that is so short that it stands anywhere', () => {
    for (const [, form] of disguisesOf(VALUE)) expect(form.length).toBeGreaterThan(12);
  });
});
