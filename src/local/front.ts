import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { captureAnswer, truncated } from './captured-answer.ts';
import type { FaultKind, Faults, RecordedCall } from './faults.ts';
import type { AccessGate } from './iam/access-gate.ts';
import { readBody } from './request-body.ts';
import { failUnrouted, isJsonCall, type RoutedCall, type Routes } from './routes.ts';
import { AwsError, type LocalClock } from './service.ts';

export interface FrontOptions {
  readonly faults: Faults;
  readonly clock: LocalClock;
  /** Whose calls are let through. */
  readonly access: AccessGate;
}

const MIB = 1024 * 1024;
const MAX_JSON_BYTES = 16 * MIB;
const MAX_OBJECT_BYTES = 64 * MIB;
/** Longer than SDKs keep an idle connection, so that it is never closed just when a call goes out. */
const KEEP_ALIVE_MS = 10 * 60_000;
const LOOPBACK_HOST = /^(?:(?:[^:/]+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
/** A call on its way through the faults, with its place in the record. */
interface MetCall extends RoutedCall {
  readonly noted: RecordedCall;
}

const NEVER = new AbortController().signal;

/**
 * The HTTP server before all services. Every call passes the faults here, where connections can be cut, and then the gate,
 * where calls are refused that their caller may not make.
 *
 * A client whose `Host` is not the loopback interface is a web page that wants in through a name of its own (DNS
 * rebinding); it is refused, for local ECS runs programs.
 */
export class Front {
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #routes: Promise<Routes>;
  #serveWith: (routes: Routes) => void = () => undefined;
  #closing = false;
  #dateSecond = 0;
  #date = '';

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#routes = new Promise((resolve) => {
      this.#serveWith = resolve;
    });
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => giveUp(request, error));
    });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Listens; returns the port. Port 0 takes any that is free. Calls wait until {@link serve}. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening').catch((error: unknown) => {
      throw inUse(error)
        ? new Error(`port ${port} of ${host} is in use: stop what listens there, or take another port`)
        : error;
    });
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  serve(routes: Routes): void {
    this.#serveWith(routes);
  }

  /** From now on calls are cut off instead of executed. */
  refuse(): void {
    this.#closing = true;
  }

  /** Takes no more calls, lets answers that are under way go out, then cuts all connections. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await nextTurn();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#stamp(response);
    const body = await readBody(request, isJsonCall(request) ? MAX_JSON_BYTES : MAX_OBJECT_BYTES);
    if (body.kind === 'aborted') return;
    if (body.kind === 'whole' && isLoopback(request)) return this.#take(request, response, body.content);
    response.setHeader('connection', 'close');
    failUnrouted(request, response, body.kind === 'too-large' ? tooLarge(request) : foreignHost(request));
  }

  async #take(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const routes = await this.#routes;
    if (this.#closing) {
      request.socket.destroy();
      return;
    }
    const call = findCall(routes, request, response, body);
    if (call === undefined) return;
    const { faults, clock } = this.#options;
    const { fault, call: noted } = faults.meet(call, clock.now());
    const met: MetCall = { ...call, noted };
    if (fault === undefined) await this.#execute(met, response, goneSignal(response));
    else await this.#misbehave(fault, met, request, response);
  }

  async #misbehave(fault: FaultKind, call: MetCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const toNobody = () =>
      captureAnswer(request, (nobody) => {
        nobody.setHeader('connection', 'close');
        return this.#execute(call, this.#stamp(nobody), NEVER);
      });
    switch (fault.kind) {
      case 'error':
        return call.fail(response, new AwsError(fault.name, fault.message, { status: fault.status }));
      case 'delay':
        await this.#pass(fault.ms);
        return this.#execute(call, response, goneSignal(response));
      case 'lose-request':
        socket.destroy();
        return;
      case 'lose-response':
        await toNobody();
        socket.destroy();
        return;
      case 'late':
        socket.destroy();
        await this.#pass(fault.ms);
        await toNobody();
        return;
      case 'truncate':
        socket.end(truncated(await toNobody()));
        return;
      case 'hold':
        return this.#hold(fault, call, request, response, toNobody);
    }
    fault satisfies never;
  }

  async #hold(
    { at, until }: Extract<FaultKind, { kind: 'hold' }>,
    call: MetCall,
    { socket }: IncomingMessage,
    response: ServerResponse,
    toNobody: () => Promise<Buffer>,
  ): Promise<void> {
    if (at === 'answer') {
      await this.#execute(call, response, goneSignal(response));
      if ((await until(call.noted)) === 'away') socket.destroy();
      return;
    }
    const executed = at === 'execution' ? await toNobody() : undefined;
    if ((await until(call.noted)) === 'away') return void socket.destroy();
    const answer = executed ?? (await toNobody());
    if (!socket.destroyed) socket.end(answer);
  }

  /** Notes an execution before its answer goes out: what is said next, by whomever, comes after it in the record. */
  async #execute(call: MetCall, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const { faults, access } = this.#options;
    const refusal = access.refusalOf(call);
    if (refusal !== undefined) return call.fail(response, refusal);
    try {
      await call.answer(response, gone, () => faults.noteExecuted(call.noted));
    } catch (error) {
      if (response.headersSent) throw error;
      call.fail(response, access.veilOf(call, asAwsError(error)));
    }
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }

  #stamp(response: ServerResponse): ServerResponse {
    const second = Math.floor(this.#options.clock.now() / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = new Date(second * 1000).toUTCString();
    }
    response.sendDate = false;
    response.setHeader('Date', this.#date);
    response.setHeader('x-amzn-requestid', randomUUID());
    return response;
  }
}

function inUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function findCall(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): RoutedCall | undefined {
  try {
    return routes.find(request, body);
  } catch (error) {
    failUnrouted(request, response, asAwsError(error));
    return undefined;
  }
}

/** Aborted when the connection ends before the answer is out. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  process.stderr.write(`local AWS: ${error instanceof Error ? error.stack : String(error)}\n`);
  const message = `Local AWS failed: ${error instanceof Error ? error.message : String(error)}`;
  return new AwsError('InternalFailure', message, { status: 500 });
}

/** An answer that failed halfway cannot be mended. */
function giveUp(request: IncomingMessage, error: unknown): void {
  process.stderr.write(`local AWS: ${error instanceof Error ? error.stack : String(error)}\n`);
  request.socket.destroy();
}

function tooLarge(request: IncomingMessage): AwsError {
  if (isJsonCall(request)) {
    const message = `The body of the request is larger than ${MAX_JSON_BYTES} bytes.`;
    return new AwsError('RequestEntityTooLargeException', message, { status: 413 });
  }
  return new AwsError(
    'EntityTooLarge',
    `Local AWS takes up to ${MAX_OBJECT_BYTES} bytes at once: use a multipart upload.`,
  );
}

function isLoopback(request: IncomingMessage): boolean {
  return LOOPBACK_HOST.test(request.headers.host ?? '');
}

function foreignHost(request: IncomingMessage): AwsError {
  const message = `Local AWS answers to localhost and 127.0.0.1 only, not to the host ${request.headers.host ?? '(none)'}.`;
  return new AwsError('AccessDeniedException', message, { status: 403 });
}
