import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendJsonError, sendQuery, sendQueryError, sendXmlError } from './aws-answers.ts';
import { type Input, isInput } from './read-input.ts';
import { AwsError, type HttpService, type JsonService, type QueryService } from './service.ts';

/** Any service behind the port. */
export type AnyService = JsonService | QueryService | HttpService;

/** A request that has found its service. */
export interface RoutedCall {
  /** `<service>.<Operation>`. */
  readonly operation: string;
  /** What was asked, as tests see it in the recorded calls. */
  readonly input: unknown;
  /** The access key id that it is signed with; the account's id if it is not signed. */
  readonly caller: string;
  /** Executes it, says so, and answers. */
  answer(response: ServerResponse, gone: AbortSignal, executed: () => void): Promise<void>;
  fail(response: ServerResponse, error: AwsError): void;
}

export interface RoutesOptions {
  readonly services: readonly AnyService[];
  readonly accountId: string;
}

const JSON_TYPE = 'application/x-amz-json-1.0';
const HEALTH_PATH = '/_slipway/health';

/** Finds the service for a request: by `X-Amz-Target`, by the action of a query-protocol form, else S3. */
export class Routes {
  readonly #json = new Map<string, JsonService>();
  readonly #query: readonly QueryService[];
  readonly #http: HttpService | undefined;
  readonly #names: readonly string[];
  readonly #accountId: string;

  constructor(options: RoutesOptions) {
    for (const service of options.services) {
      if ('targetPrefix' in service) this.#json.set(service.targetPrefix, service);
    }
    this.#http = options.services.find((service): service is HttpService => 'handle' in service);
    this.#query = options.services.filter((service): service is QueryService => 'actions' in service);
    this.#names = options.services.map(({ name }) => name);
    this.#accountId = options.accountId;
  }

  /** Throws an {@link AwsError} when nobody is there for the request. */
  find(request: IncomingMessage, body: Buffer): RoutedCall {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') return this.#jsonCall(request, target, body);
    if (request.method === 'GET' && request.url === HEALTH_PATH) return this.#healthCall();
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') && request.url === '/') {
      return this.#queryCall(new URLSearchParams(body.toString('utf8')), this.#callerOf(request));
    }
    return this.#httpCall(request, body);
  }

  #jsonCall(request: IncomingMessage, target: string, body: Buffer): RoutedCall {
    const dot = target.lastIndexOf('.');
    const service = this.#json.get(target.slice(0, dot));
    if (service === undefined) throw this.#unknown(`X-Amz-Target ${target}`);
    const operation = target.slice(dot + 1);
    const input = parseJson(body);
    const endpoint = `http://${request.headers.host}`;
    const caller = this.#callerOf(request);
    return {
      operation: `${service.name}.${operation}`,
      input,
      caller,
      answer: async (response, gone, executed) => {
        const answer = await service.call({ operation, input, gone, endpoint, caller });
        executed();
        sendJson(response, service.contentType, answer);
      },
      fail: (response, error) => sendJsonError(response, service.contentType, error),
    };
  }

  #httpCall(request: IncomingMessage, body: Buffer): RoutedCall {
    const service = this.#http;
    if (service === undefined) throw this.#unknown(`${request.method} ${request.url} without X-Amz-Target`);
    return {
      operation: `${service.name}.${service.operationOf(request)}`,
      input: service.inputOf(request),
      caller: this.#callerOf(request),
      answer: async (response, _gone, executed) => {
        await service.handle(request, response, body);
        executed();
      },
      fail: sendXmlError,
    };
  }

  #healthCall(): RoutedCall {
    return {
      operation: 'slipway.Health',
      input: {},
      caller: this.#accountId,
      answer: async (response) => sendJson(response, 'application/json', { services: this.#names }),
      fail: (response, error) => sendJsonError(response, 'application/json', error),
    };
  }

  #queryCall(form: URLSearchParams, caller: string): RoutedCall {
    const action = form.get('Action') ?? '';
    const service = this.#query.find(({ actions }) => actions.has(action));
    // As AWS answers an action that an endpoint does not know ("Common error types": InvalidAction).
    if (service === undefined) {
      throw this.#unknown(`the action ${action} of a query-protocol service`, 'InvalidAction', 400);
    }
    return {
      operation: `${service.name}.${action}`,
      input: Object.fromEntries(form),
      caller,
      answer: async (response, _gone, executed) => {
        const result = await service.call({ operation: action, form, caller });
        executed();
        sendQuery(response, service.namespace, action, result);
      },
      fail: sendQueryError,
    };
  }

  #callerOf(request: IncomingMessage): string {
    return accessKeyOf(request) ?? this.#accountId;
  }

  #unknown(what: string, name = 'UnknownOperationException', status = 404): AwsError {
    const message = `Local AWS has nobody for ${what}. Its services are ${this.#names.join(', ')}.`;
    return new AwsError(name, message, { status });
  }
}

/** Tells a client of which nothing is known but its request that it could not be served. */
export function failUnrouted(request: IncomingMessage, response: ServerResponse, error: AwsError): void {
  if (isJsonCall(request)) sendJsonError(response, JSON_TYPE, error);
  else sendXmlError(response, error);
}

export function isJsonCall(request: IncomingMessage): boolean {
  return request.headers['x-amz-target'] !== undefined;
}

function parseJson(body: Buffer): Input {
  if (body.length === 0) return {};
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (isInput(input)) return input;
  } catch {
    // answered below, as any other body that is no JSON object
  }
  throw new AwsError('SerializationException', 'The body of the request is not a JSON object.');
}

/** The access key id in an AWS Signature Version 4 `Authorization` header. */
function accessKeyOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization ?? '';
  const at = header.indexOf('Credential=');
  if (at < 0) return undefined;
  const start = at + 'Credential='.length;
  const end = header.indexOf('/', start);
  return end > start ? header.slice(start, end) : undefined;
}
