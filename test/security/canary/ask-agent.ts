import type { CanaryPlace } from './canaries.ts';
import type { Catch } from './leak-net.ts';

const PATHS = ['/healthz', '/readyz', '/metrics', '/api/health', '/api/poke', '/nothing-here'];

/** Every route, with the right token, a wrong one, and odd bodies; secrets in headers and in the query besides. */
export async function httpAnswers(
  url: string,
  { token, wrongToken, header, query }: Readonly<Record<CanaryPlace, string>>,
): Promise<readonly Catch[]> {
  const question = `?token=${encodeURIComponent(query)}`;
  const requests = PATHS.flatMap((path) =>
    [token, wrongToken].flatMap((bearer) => [
      { method: 'GET', path: `${path}${question}`, bearer },
      { method: 'POST', path, bearer, body: `{"token": "${query}` },
      { method: 'HEAD', path, bearer },
    ]),
  );
  return Promise.all(
    requests.map(async ({ method, path, bearer, body }) => {
      const headers = { authorization: `Bearer ${bearer}`, 'x-secret': header, 'content-type': 'application/json' };
      const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      const told = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      return { channel: `http ${path.split('?')[0]}`, text: `${told}\n${await answer.text()}` };
    }),
  );
}
