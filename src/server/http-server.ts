import type { FastifyInstance } from 'fastify';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError, type Log } from '../service/log.ts';
import { createApp } from './create-app.ts';
import type { HttpAddress } from './http-address.ts';

export interface HttpServerOptions {
  readonly address: HttpAddress;
  readonly clock: Clock;
  readonly log: Log;
  /** Adds what is served; called for each try to listen. */
  readonly addRoutes: (app: FastifyInstance) => void;
}

/** Pause before a port that is taken is tried again. */
const RETRY_MS = 5_000;

/**
 * Serves until it is closed. A port that is taken does not keep the program from its work: it is told once, and tried
 * again until it is free.
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #closing = createStop();
  #app: FastifyInstance | undefined;
  #serving: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
  }

  /** Resolves when the first try to listen has come to its outcome. */
  async start(): Promise<void> {
    const isListening = await this.#tryToListen(true);
    if (!isListening) this.#serving = this.#keepTrying();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#serving;
    await this.#app?.close();
  }

  async #keepTrying(): Promise<void> {
    const { clock } = this.#options;
    do await clock.sleep(RETRY_MS, this.#closing.signal);
    while (!this.#closing.signal.aborted && !(await this.#tryToListen(false)));
  }

  async #tryToListen(isFirst: boolean): Promise<boolean> {
    const { address, log, addRoutes } = this.#options;
    const app = createApp();
    try {
      addRoutes(app);
      await app.listen({ host: address.host, port: address.port });
    } catch (error) {
      await app.close();
      if (isFirst) log.error('http.not-served', { ref: address.url, error: describeError(error) });
      return false;
    }
    this.#app = app;
    // Port 0 takes any that is free, and only now is it known which.
    log.info('http.served', { ref: address.port === 0 ? `${address.url} (port ${portOf(app)})` : address.url });
    return true;
  }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
