import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { healthReport } from '../../src/server/health-report.ts';
import { addHealthRoutes } from '../../src/server/health-routes.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

function server({ token, storeIsThere = true }: { token?: string; storeIsThere?: boolean } = {}) {
  const app = fastify();
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
});
