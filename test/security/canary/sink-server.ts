import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SinkServer {
  readonly url: string;
  /** Bodies and headers of what was posted, without the path: that is the secret by which the sink knows the sender. */
  readonly received: readonly string[];
  /** Answers so many requests with 500 before the next is taken. */
  refuse(count: number): void;
  close(): Promise<void>;
}

/** A server that takes notifications. */
export async function openSinkServer(): Promise<SinkServer> {
  const received: string[] = [];
  let refusals = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const refused = refusals > 0;
      refusals -= refused ? 1 : 0;
      received.push(`${JSON.stringify(request.headers)}\n${body}`);
      response.writeHead(refused ? 500 : 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    received,
    refuse: (count) => {
      refusals = count;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return text(request);
}
