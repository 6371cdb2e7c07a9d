import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { startLocalAws } from '../../../src/local/start-local-aws.ts';
import { newQueue, sqsClient, startAws, waitingMessages } from '../clients.ts';
import { SteeredClock } from '../steered-clock.ts';

const SQS_JSON = { 'content-type': 'application/x-amz-json-1.0' };

function post(url: string, target: string, body: string): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...SQS_JSON, 'x-amz-target': target }, body });
}

/** Sends bytes as they are and closes the connection; resolves when it is closed. */
async function sendRaw(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  setTimeout(() => socket.destroy(), 20);
  await closed;
}

describe('the front of local AWS', () => {
  it('lives on when clients send half a body, garbage or nothing at all', async () => {
    const aws = await startAws();
    const head =
      'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.CreateQueue\r\nContent-Length: 1000\r\n\r\n';
    await sendRaw(aws.port, `${head}{"QueueName":`);
    await sendRaw(aws.port, 'PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf');
    await sendRaw(aws.port, 'no HTTP at all\r\n\r\n');
    await sendRaw(aws.port, '');
    const sqs = sqsClient(aws.url);
    const queueUrl = await newQueue(sqs, 'q');
    expect(await waitingMessages(sqs, queueUrl)).toBe(0);
    expect(aws.faults.counts().get('sqs.CreateQueue')).toBe(1);
  });

  it('says which services there are', async () => {
    const aws = await startAws();
    const health = await (await fetch(`${aws.url}/_slipway/health`)).json();
    const services = ['sqs', 'logs', 'secretsmanager', 'dynamodb', 's3', 'sns', 'sts', 'ecs'];
    expect(health).toEqual({ services });
  });

  it('answers an unknown target with a sentence', async () => {
    const aws = await startAws();
    const answer = await post(aws.url, 'AWSLambda.Invoke', '{}');
    expect(answer.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await answer.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('Local AWS has nobody for X-Amz-Target AWSLambda.Invoke'),
    });
  });

  it('answers an operation that a service does not have with a sentence', async () => {
    const aws = await startAws();
    const answer = await post(aws.url, 'AmazonSQS.AddPermission', '{}');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('SQS'),
    });
  });

  it.each(['{"QueueName":', '[]', '"text"'])('refuses the body %s as no JSON object', async (body) => {
    const aws = await startAws();
    expect(await (await post(aws.url, 'AmazonSQS.CreateQueue', body)).json()).toMatchObject({
      __type: 'SerializationException',
    });
  });

  it('refuses a member of the wrong type by its name', async () => {
    const aws = await startAws();
    expect(await (await post(aws.url, 'AmazonSQS.CreateQueue', '{"QueueName":1}')).json()).toEqual({
      __type: 'SerializationException',
      message: 'QueueName is not a string.',
    });
  });

  it('refuses a body of more than 16 MiB, and goes on', async () => {
    const aws = await startAws();
    const answer = await post(aws.url, 'AmazonSQS.SendMessage', 'k'.repeat(16 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ __type: 'RequestEntityTooLargeException' });
    await newQueue(sqsClient(aws.url), 'q');
  });

  it('sends both names of an SQS error', async () => {
    const aws = await startAws();
    const answer = await post(aws.url, 'AmazonSQS.GetQueueUrl', '{"QueueName":"missing"}');
    expect(answer.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(answer.headers.get('x-amzn-errortype')).toBe('QueueDoesNotExist');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells the time of its clock', async () => {
    const clock = new SteeredClock();
    const aws = await startAws({ clock });
    clock.advance(3_600_000);
    const answer = await fetch(`${aws.url}/_slipway/health`);
    expect(Date.parse(answer.headers.get('date') ?? '')).toBe(clock.now());
  });

  it('keeps connections open from one call to the next', async () => {
    const aws = await startAws();
    const answer = await fetch(`${aws.url}/_slipway/health`);
    expect(answer.headers.get('connection')).toBe('keep-alive');
  });

  it('says who the caller is', async () => {
    const aws = await startAws({ accountId: '123456789012' });
    const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const answer = await fetch(aws.url, { method: 'POST', body });
    expect(await answer.text()).toContain('<Account>123456789012</Account>');
  });

  it('names queues by the host by which the client came', async () => {
    const aws = await startAws();
    const viaName = aws.url.replace('127.0.0.1', 'localhost');
    const sqs = sqsClient(viaName);
    const queueUrl = await newQueue(sqs, 'q');
    expect(queueUrl).toBe(`${viaName}/000000000000/q`);
    const elsewhere = 'http://sqs.eu-west-1.amazonaws.com:1234/999999999999/q';
    const answer = await post(
      aws.url,
      'AmazonSQS.SendMessage',
      JSON.stringify({ QueueUrl: elsewhere, MessageBody: 'x' }),
    );
    expect(answer.status).toBe(200);
  });
});

describe('the door of local AWS', () => {
  it('is closed to web pages that come by a name of their own', async () => {
    const aws = await startAws();
    const foreign = request({ port: aws.port, host: '127.0.0.1', headers: { host: 'evil.example' } });
    foreign.end();
    const [answer] = await once(foreign, 'response');
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });

  it('does not open on any other interface than the loopback one', async () => {
    await expect(startLocalAws({ host: '0.0.0.0' })).rejects.toThrow(
      'listens on the loopback interface only, not on 0.0.0.0',
    );
  });

  it('says so when its port is taken', async () => {
    const aws = await startAws();
    await expect(startLocalAws({ port: aws.port })).rejects.toThrow(`port ${aws.port} of 127.0.0.1 is in use`);
  });

  it('closes while polls wait', async () => {
    const aws = await startLocalAws();
    const sqs = sqsClient(aws.url);
    const QueueUrl = await newQueue(sqs, 'q');
    const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })).catch(() => 'cut');
    await vi.waitFor(() => expect(aws.faults.counts().get('sqs.ReceiveMessage')).toBe(1));
    await aws.stop();
    await aws.stop();
    await polling;
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toThrow();
  });
});
