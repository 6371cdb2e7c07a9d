import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AwsError } from './service.ts';
import { type XmlElements, xmlDocument } from './xml-document.ts';

/** Answers in AWS JSON. */
export function sendJson(response: ServerResponse, contentType: string, answer: unknown): void {
  send(response, 200, { 'content-type': contentType }, JSON.stringify(answer ?? {}));
}

/** An error in AWS JSON; services that also speak the older query protocol add its code (`awsQueryCompatible`). */
export function sendJsonError(response: ServerResponse, contentType: string, error: AwsError): void {
  const headers: Record<string, string> = { 'content-type': contentType, 'x-amzn-errortype': error.name };
  if (error.queryCode !== undefined) {
    headers['x-amzn-query-error'] = `${error.queryCode};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  const body = JSON.stringify({ __type: error.name, message: error.message, ...error.members });
  send(response, error.status, headers, body);
}

/** An answer of the query protocol: `<ActionResponse><ActionResult>…`. */
export function sendQuery(response: ServerResponse, namespace: string, action: string, result: XmlElements): void {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestIdOf(response) } };
  send(response, 200, { 'content-type': 'text/xml' }, xmlDocument(`${action}Response`, content, namespace));
}

/** An error of the query protocol. */
export function sendQueryError(response: ServerResponse, { name, message, status }: AwsError): void {
  const told = { Type: status < 500 ? 'Sender' : 'Receiver', Code: name, Message: message };
  const xml = xmlDocument('ErrorResponse', { Error: told, RequestId: requestIdOf(response) }, '');
  send(response, status, { 'content-type': 'text/xml' }, xml);
}

/** An error as S3 sends it. */
export function sendXmlError(response: ServerResponse, error: AwsError): void {
  const members = Object.entries({ Code: error.name, Message: error.message, ...error.members });
  const content = Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
  const xml = xmlDocument('Error', { ...content, RequestId: requestIdOf(response) }, '');
  send(response, error.status, { 'content-type': 'application/xml' }, xml);
}

function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader('x-amzn-requestid') ?? randomUUID());
}

export function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
