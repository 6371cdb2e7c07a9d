import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { findTaskArn } from '../../src/worker/find-task-arn.ts';
import { hastyClock, TASK } from './fixtures.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v4/abc`;
}

const never = new AbortController().signal;

describe('the task metadata endpoint', () => {
  it("tells the task's ARN, if need be after a few tries", async () => {
    const asked: (string | undefined)[] = [];
    const uri = await serve(({ url }, response) => {
      asked.push(url);
      response.writeHead(asked.length < 4 ? 500 : 200).end(JSON.stringify({ TaskARN: TASK }));
    });
    expect(await findTaskArn(uri, hastyClock(), never)).toBe(TASK);
    expect(asked).toEqual(Array(4).fill('/v4/abc/task'));
  });

  it('is waited for as long as a busy host may need, which is two minutes', async () => {
    const clock = hastyClock();
    const began = clock.monotonic();
    const answersAfter = (ms: number) =>
      serve((_request, response) => {
        response.writeHead(clock.monotonic() < began + ms ? 503 : 200).end(JSON.stringify({ TaskARN: TASK }));
      });
    expect(await findTaskArn(await answersAfter(110_000), clock, never)).toBe(TASK);
    server?.close();
    await expect(findTaskArn(await answersAfter(10 * 60_000), clock, never)).rejects.toThrow('answered 503');
    expect(clock.monotonic() - began).toBeLessThan(5 * 60_000);
  });

  it('is no longer waited for when the worker is asked to stop', async () => {
    const stop = new AbortController();
    const uri = await serve((_request, response) => {
      stop.abort();
      response.writeHead(503).end();
    });
    await expect(findTaskArn(uri, hastyClock(), stop.signal)).rejects.toThrow();
  });

  it.each(['{}', '[]', 'null', '{"TaskARN":7}', 'no json'])('is not believed when it says %s', async (body) => {
    const uri = await serve((_request, response) => response.end(body));
    await expect(findTaskArn(uri, hastyClock(), never)).rejects.toThrow();
  });
});
