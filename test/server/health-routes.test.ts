import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/create-app.ts';
import { healthReport } from '../../src/server/health-report.ts';
import { addHealthRoutes } from '../../src/server/health-routes.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

function server({ token, storeIsThere = true }: { token?: string; storeIsThere?: boolean } = {}) {
  const app = createApp();
  apps.push(app);
  let pokes = 0;
  const source = {
    live: () => healthReport([{ name: 'loop watch', ok: true, detail: 'last round 1 s ago' }]),
    ready: () => healthReport([{ name: 'store', ok: storeIsThere, detail: 'table runs' }]),
    metrics: async () => ({ type: 'text/plain', text: 'slipway_launch_rate 0' }),
    poke: () => {
      pokes += 1;
    },
  };
  addHealthRoutes(app, source, token);
  return { app, pokes: () => pokes };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the health routes', () => {
  it('names the check that fails, with 503', async () => {
    const { app } = server({ storeIsThere: false });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({
      status: 'failing',
      failing: ['store'],
      checks: [{ name: 'store', ok: false, detail: 'table runs' }],
    });
  });

  it("answers as Prefect 1's agents do, and pokes", async () => {
    const { app, pokes } = server();
    expect((await app.inject('/api/health')).json()).toEqual({});
    const poke = await app.inject('/api/poke');
    expect([poke.statusCode, poke.body, pokes()]).toEqual([200, '', 1]);
  });

  it('tells those without the token only what fails, and neither metrics nor pokes', async () => {
    const { app, pokes } = server({ token: 'secret', storeIsThere: false });
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'failing', failing: ['store'] });
    for (const headers of [{}, bearer('wrong'), { authorization: 'secret' }]) {
      expect((await app.inject({ url: '/metrics', headers })).statusCode).toBe(401);
      expect((await app.inject({ url: '/api/poke', headers })).statusCode).toBe(401);
    }
    expect(pokes()).toBe(0);
    expect((await app.inject({ url: '/metrics', headers: bearer('secret') })).body).toContain('slipway_launch_rate');
    expect((await app.inject({ url: '/readyz', headers: bearer('secret') })).json()).toHaveProperty('checks');
  });

  it('say whether a token is missing or wrong, before a body is taken', async () => {
    const { app } = server({ token: 'secret' });
    const missing = await app.inject({ method: 'POST', url: '/api/poke', payload: Buffer.alloc(1_000_000) });
    expect([missing.statusCode, missing.headers['www-authenticate'], missing.json()]).toEqual([
      401,
      'Bearer',
      { error: 'a token is needed: Authorization: Bearer …' },
    ]);
    const wrong = await app.inject({ url: '/metrics', headers: bearer('wrong') });
    expect([wrong.headers['www-authenticate'], wrong.json()]).toEqual([
      'Bearer error="invalid_token"',
      { error: 'that is not the token' },
    ]);
  });

  it.each([
    ['JSON that is none', 'application/json', '{bad'],
    ['text of a kind that nobody knows', 'text/odd', 'x'],
    ['nothing', undefined, undefined],
  ])('poke whatever the body is: %s', async (_what, type, payload) => {
    const { app, pokes } = server();
    const headers = type === undefined ? {} : { 'content-type': type };
    const options = { method: 'POST', url: '/api/poke', headers } as const;
    const poke = await app.inject(payload === undefined ? options : { ...options, payload });
    expect([poke.statusCode, pokes()]).toEqual([200, 1]);
  });

  it('refuse what is large, what is not there, and methods that do nothing, in a sentence that repeats nothing', async () => {
    const { app, pokes } = server();
    const large = await app.inject({ method: 'POST', url: '/api/poke', payload: Buffer.alloc(65_537) });
    expect([large.statusCode, large.json()]).toEqual([413, { error: 'a body of more than 65536 bytes is not taken' }]);
    const nowhere = await app.inject('/nowhere?token=secret');
    expect([nowhere.statusCode, nowhere.json()]).toEqual([404, { error: 'there is nothing to GET here' }]);
    const deleted = await app.inject({ method: 'DELETE', url: '/healthz?token=secret' });
    expect([deleted.statusCode, deleted.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(deleted.json()).toEqual({ error: 'DELETE does nothing here: GET, HEAD' });
    const odd = await app.inject('/%zz?token=secret');
    expect([odd.statusCode, odd.json()]).toEqual([400, { error: 'this is no address' }]);
    expect(pokes()).toBe(0);
  });

  it('answer HEAD as GET, without a body', async () => {
    const { app } = server({ storeIsThere: false });
    const head = await app.inject({ method: 'HEAD', url: '/readyz' });
    expect([head.statusCode, head.body]).toEqual([503, '']);
  });
});
