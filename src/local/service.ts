import type { IncomingMessage, ServerResponse } from 'node:http';
import type { XmlElements } from './xml-document.ts';

/** One local AWS service behind the common port. */
export interface LocalService {
  /** As in the endpoint's list of services: `sqs`, `dynamodb`, `s3`, `ecs`, `logs`, `secretsmanager`, `sns`, `sts`. */
  readonly name: string;
  /** Stops timers and child processes and flushes what is on its way to disk. Safe to call twice. */
  close(): Promise<void>;
}

/** A service that speaks AWS JSON: one POST per call, the operation named by `X-Amz-Target`. */
export interface JsonService extends LocalService {
  /** What stands before the dot in `X-Amz-Target`, e.g. `AmazonSQS`. */
  readonly targetPrefix: string;
  /** The `Content-Type` of its answers. */
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Answers one call, or throws an {@link AwsError}. */
  call(call: JsonCall): Promise<unknown>;
}

export interface JsonCall {
  readonly operation: string;
  /** The parsed body; an empty body is `{}`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Aborted when the client has gone away before the answer. */
  readonly gone: AbortSignal;
  /** The endpoint by which the client came, without a slash at the end: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** The access key id that the call is signed with; the account's id if it is not signed. */
  readonly caller: string;
}

/** A service that speaks AWS's older query protocol: a form that names its `Action`, answered in XML. */
export interface QueryService extends LocalService {
  /** The XML namespace of its answers. */
  readonly namespace: string;
  readonly actions: ReadonlySet<string>;
  /** What stands inside `<ActionResult>`, or throws an {@link AwsError}. */
  call(call: QueryCall): Promise<XmlElements>;
}

export interface QueryCall {
  readonly operation: string;
  readonly form: URLSearchParams;
  /** The access key id that the call is signed with; the account's id if it is not signed. */
  readonly caller: string;
}

/** A service that speaks HTTP itself (S3): whatever names no `X-Amz-Target` goes to it. */
export interface HttpService extends LocalService {
  /** The operation that a request asks for, without the service: `GetObject`. Called before anything is executed. */
  operationOf(request: IncomingMessage): string;
  /** What a request is about, as tests see it and IAM judges it. Called before anything is executed. */
  inputOf(request: IncomingMessage): Readonly<Record<string, unknown>>;
  /** Answers one call; an {@link AwsError} thrown before the answer has begun is sent as S3's XML error. */
  handle(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void>;
}

/** An error as AWS sends it: the SDKs turn `name` into the exception's name. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  /** Further members of the error's shape, e.g. `CancellationReasons` or `resourceIds`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The error's code in the older query protocol where it differs (SQS sends both). */
  readonly queryCode: string | undefined;

  constructor(
    name: string,
    message: string,
    options: { status?: number; members?: Record<string, unknown>; queryCode?: string } = {},
  ) {
    super(message);
    this.name = name;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
    this.queryCode = options.queryCode;
  }
}

/** Time for local AWS. Tests inject one that they can move; `now` is epoch milliseconds. */
export interface LocalClock {
  now(): number;
  /** Calls back after `ms` of this clock's time unless cancelled; never keeps the process alive. */
  after(ms: number, callback: () => void): { cancel(): void };
}

/** What a service throws when it is asked for an operation that it does not have. */
export function unknownOperation(service: string, operation: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `Local AWS has no operation ${operation} in ${service}. It serves what Slipway and its tests use of ${service}.`,
  );
}
