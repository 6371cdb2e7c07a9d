import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

/** Nobody has to send a body: everything that is asked for stands in the path. */
const BODY_LIMIT = 64 * 1024;

const METHODS = ['GET', 'HEAD', 'POST'] as const;

/**
 * A server without routes yet. It takes any small body, of any kind, without reading it; its errors are one sentence, which
 * repeats nothing of the request: people put tokens into addresses.
 */
export function createApp(): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    frameworkErrors: (_error, _request, { raw }) => {
      raw.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"this is no address"}');
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
  app.setErrorHandler(failed);
  app.setNotFoundHandler((request, reply) => notFound(app, request, reply));
  return app;
}

function failed({ statusCode = 500 }: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = statusCode === 413 ? `a body of more than ${BODY_LIMIT} bytes is not taken` : 'that did not work';
  return reply.code(statusCode).send({ error });
}

/** A known address with another method is told as that (RFC 9110, "405 Method Not Allowed"). */
function notFound(app: FastifyInstance, { method, url: asked }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [url = ''] = asked.split('?');
  const known = METHODS.filter((other) => app.hasRoute({ method: other, url }));
  if (known.length === 0) return reply.code(404).send({ error: `there is nothing to ${method} here` });
  const allow = known.join(', ');
  return reply
    .code(405)
    .header('allow', allow)
    .send({ error: `${method} does nothing here: ${allow}` });
}
