import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AwsError } from './service.ts';

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

/** An error as S3 sends it. */
export function sendXmlError(response: ServerResponse, error: AwsError): void {
  const id = String(response.getHeader('x-amzn-requestid') ?? randomUUID());
  const members = Object.entries({ Code: error.name, Message: error.message, ...error.members, RequestId: id });
  const body = members.map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`).join('');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${body}</Error>`;
  send(response, error.status, { 'content-type': 'application/xml' }, xml);
}

/** An error in the query protocol, as STS sends it. */
export function sendQueryError(response: ServerResponse, { name, message, status }: AwsError): void {
  const id = String(response.getHeader('x-amzn-requestid') ?? randomUUID());
  const error = `<Type>Sender</Type><Code>${name}</Code><Message>${escaped(message)}</Message>`;
  const xml = `<ErrorResponse><Error>${error}</Error><RequestId>${id}</RequestId></ErrorResponse>`;
  send(response, status, { 'content-type': 'text/xml' }, xml);
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
