import { describe, expect, it } from 'vitest';
import { parseHttpAddress } from '../../src/server/http-address.ts';

describe('the address of the HTTP server', () => {
  it.each([
    ['http://127.0.0.1:4200', '127.0.0.1', 4200],
    ['localhost:8080', 'localhost', 8080],
    ['http://[::1]:4200/', '::1', 4200],
    ['127.0.0.1', '127.0.0.1', 80],
  ])('reads %s', (text, host, port) => {
    expect(parseHttpAddress(text, undefined)).toMatchObject({ ok: true, value: { host, port } });
  });

  it.each(['http://0.0.0.0:4200', '10.0.0.7:4200', 'http://[::]:4200', 'http://127.0.0.1.example.com:80'])(
    'wants a token for %s, which other machines can reach',
    (text) => {
      expect(parseHttpAddress(text, undefined)).toMatchObject({
        ok: false,
        error: expect.stringContaining('http.token'),
      });
      expect(parseHttpAddress(text, 'secret').ok).toBe(true);
    },
  );

  it.each(['https://127.0.0.1:4200', 'http://127.0.0.1:4200/agent', 'http://127.0.0.1:99999', 'no address'])(
    'refuses %s',
    (text) => {
      expect(parseHttpAddress(text, 'secret').ok).toBe(false);
    },
  );
});
