import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

/** An answer of a service, as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * The services of an account that local AWS lacks (IAM, ECR, EC2, Service Quotas), as far as their answers are given here, by
 * operation; every other call goes on to local AWS.
 */
export class AccountServices {
  readonly answers: Record<string, WireAnswer> = {};
  /** The region that each call of ours was signed for, by operation. */
  readonly regions: Record<string, string> = {};
  readonly #server: Server;
  readonly #behind: string;

  private constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
    });
  }

  static async open(behind: string): Promise<AccountServices> {
    const services = new AccountServices(behind);
    services.#server.listen(0, '127.0.0.1');
    await once(services.#server, 'listening');
    return services;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const operation = operationOf(request, body);
    const answer = this.answers[operation];
    if (answer === undefined) return this.#passOn(request, body, response);
    this.regions[operation] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
  }

  async #passOn({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const onward = httpRequest(this.#behind + url, { method, headers });
    onward.end(body);
    const [answer]: IncomingMessage[] = await once(onward, 'response');
    if (answer === undefined) return;
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  }
}

function operationOf({ headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return (isForm && new URLSearchParams(body.toString()).get('Action')) || '';
}

/** AWS JSON 1.1, as ECR and Service Quotas speak it. */
export function json(value: object): WireAnswer {
  return { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(value) };
}

export function jsonError(name: string, message: string): WireAnswer {
  return { ...json({ __type: name, message }), status: 400 };
}

/** The query protocol, as IAM speaks it. */
export function query(operation: string, result: string): WireAnswer {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return { status: 200, type: 'text/xml', body };
}

export function queryError(status: number, code: string, message: string): WireAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, type: 'text/xml', body: `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>` };
}

/** EC2's own kind of the query protocol. */
export function ec2(operation: string, content: string): WireAnswer {
  return { status: 200, type: 'text/xml', body: `<${operation}Response>${content}</${operation}Response>` };
}

export function ec2Error(status: number, code: string, message: string): WireAnswer {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, type: 'text/xml', body: `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>` };
}
