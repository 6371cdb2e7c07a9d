import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasToken } from './bearer-token.ts';
import type { HealthReport } from './health-report.ts';

/** What the routes tell of, and the one thing that they do. */
export interface HealthSource {
  /** Whether the program still turns: for whoever would start it anew. */
  live(): HealthReport;
  /** Whether it can work: for whoever would send it work, or wake somebody. */
  ready(): HealthReport;
  /** Prometheus text. */
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  poke(): void;
}

/**
 * `/healthz` and `/readyz` answer anybody, since load balancers carry no token, but the details only those who have it.
 * `/api/health` and `/api/poke` are what Prefect 1's agents have: monitors and scripts written for one work here.
 */
export function addHealthRoutes(app: FastifyInstance, source: HealthSource, token: string | undefined): void {
  const isTrusted = (request: FastifyRequest): boolean =>
    token === undefined || hasToken(request.headers.authorization, token);
  const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (isTrusted(request)) return;
    const isWrong = request.headers.authorization !== undefined;
    // RFC 6750, section 3.
    const challenge = isWrong ? 'Bearer error="invalid_token"' : 'Bearer';
    const error = isWrong ? 'that is not the token' : 'a token is needed: Authorization: Bearer …';
    await reply.code(401).header('www-authenticate', challenge).send({ error });
  };
  const answer = (report: HealthReport, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    reply
      .code(report.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(reportBody(report, isTrusted(request)));

  app.get('/healthz', (request, reply) => answer(source.live(), request, reply));
  app.get('/readyz', (request, reply) => answer(source.ready(), request, reply));
  // Before anything of the body is taken.
  app.get('/metrics', { onRequest: refuse }, async (_request, reply) => {
    const { type, text } = await source.metrics();
    return reply.header('content-type', type).send(text);
  });
  app.get('/api/health', () => ({}));
  app.route({
    method: ['GET', 'POST'],
    url: '/api/poke',
    onRequest: refuse,
    handler: (_request, reply) => {
      source.poke();
      return reply.code(200).send();
    },
  });
}

function reportBody({ ok, checks }: HealthReport, withDetails: boolean): object {
  const failing = checks.filter((check) => !check.ok).map(({ name }) => name);
  return { status: ok ? 'ok' : 'failing', failing, ...(withDetails ? { checks } : {}) };
}
