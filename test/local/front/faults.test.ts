import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import type { Call, HeldCallGoes, HoldMoment } from '../../../src/local/faults.ts';
import { newQueue, s3Client, sqsClient, startAws, waitingMessages } from '../clients.ts';
import { SteeredClock } from '../steered-clock.ts';

async function startQueue(maxAttempts = 1) {
  const clock = new SteeredClock();
  const aws = await startAws({ clock });
  const sqs = sqsClient(aws.url, maxAttempts);
  return { aws, clock, sqs, queueUrl: await newQueue(sqs, 'q') };
}

function send(sqs: SQSClient, QueueUrl: string) {
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
}

describe('a fault', () => {
  it('lose-request cuts the connection and nothing has happened', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'lose-request' } });
    await expect(send(sqs, queueUrl)).rejects.toThrow('socket hang up');
    expect(await waitingMessages(sqs, queueUrl)).toBe(0);
  });

  it('lose-response cuts the connection and the call was executed', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'lose-response' } });
    await expect(send(sqs, queueUrl)).rejects.toThrow('socket hang up');
    expect(await waitingMessages(sqs, queueUrl)).toBe(1);
  });

  it('lose-response makes a client that tries again do the thing twice', async () => {
    const { aws, sqs, queueUrl } = await startQueue(2);
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'lose-response' } });
    await send(sqs, queueUrl);
    expect(await waitingMessages(sqs, queueUrl)).toBe(2);
    expect(aws.faults.counts().get('sqs.SendMessage')).toBe(2);
  });

  it('delay executes the call when its time has passed', async () => {
    const { aws, clock, sqs, queueUrl } = await startQueue();
    aws.faults.add({ operation: 'sqs.SendMessage', fault: { kind: 'delay', ms: 5000 } });
    const sending = send(sqs, queueUrl);
    await vi.waitFor(() => expect(aws.faults.counts().get('sqs.SendMessage')).toBe(1));
    clock.advance(4999);
    expect(await waitingMessages(sqs, queueUrl)).toBe(0);
    clock.advance(1);
    await sending;
    expect(await waitingMessages(sqs, queueUrl)).toBe(1);
  });

  it('late cuts the connection at once and executes the call afterwards', async () => {
    const { aws, clock, sqs, queueUrl } = await startQueue();
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'late', ms: 60_000 } });
    await expect(send(sqs, queueUrl)).rejects.toThrow('socket hang up');
    expect(await waitingMessages(sqs, queueUrl)).toBe(0);
    clock.advance(60_000);
    await vi.waitFor(async () => expect(await waitingMessages(sqs, queueUrl)).toBe(1));
  });

  it('error answers with that error, and nothing has happened', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    const fault = { kind: 'error', name: 'RequestThrottled', message: 'slow down', status: 403 } as const;
    aws.faults.add({ operation: 'sqs.*', nth: 1, fault });
    await expect(send(sqs, queueUrl)).rejects.toMatchObject({
      name: 'RequestThrottled',
      message: 'slow down',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await waitingMessages(sqs, queueUrl)).toBe(0);
  });

  it('error that passes is overcome by a client that tries again', async () => {
    const { aws, sqs, queueUrl } = await startQueue(3);
    const fault = { kind: 'error', name: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const;
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, times: 2, fault });
    const { $metadata } = await send(sqs, queueUrl);
    expect($metadata.attempts).toBe(3);
    expect(await waitingMessages(sqs, queueUrl)).toBe(1);
  });

  it('truncate ends the answer in the middle, and the call was executed', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'truncate' } });
    await expect(send(sqs, queueUrl)).rejects.toThrow();
    expect(await waitingMessages(sqs, queueUrl)).toBe(1);
  });

  it('meets only the calls it is for, from the nth on', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    const takeBack = aws.faults.add({
      operation: 'sqs.SendMessage',
      nth: 2,
      times: 2,
      fault: { kind: 'lose-request' },
    });
    await send(sqs, queueUrl);
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 0 }));
    await expect(send(sqs, queueUrl)).rejects.toThrow();
    takeBack();
    await send(sqs, queueUrl);
    expect(await waitingMessages(sqs, queueUrl)).toBe(2);
  });

  it('leaves the recorded calls with what was asked', async () => {
    const { aws, clock, sqs, queueUrl } = await startQueue();
    aws.faults.record();
    aws.faults.add({ operation: '*', nth: 1, fault: { kind: 'lose-request' } });
    await expect(send(sqs, queueUrl)).rejects.toThrow();
    expect(aws.faults.recorded('sqs.SendMessage')).toEqual([
      {
        operation: 'sqs.SendMessage',
        input: { QueueUrl: queueUrl, MessageBody: 'x' },
        caller: 'test',
        at: clock.now(),
        arrived: expect.any(Number),
      },
    ]);
  });

  it('notes when each call was executed, and leaves that out for calls that were not', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    aws.faults.record();
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'lose-request' } });
    await expect(send(sqs, queueUrl)).rejects.toThrow();
    await send(sqs, queueUrl);
    await expect(send(sqs, `${queueUrl}-no-such`)).rejects.toThrow();
    const [lost, done, refused] = aws.faults.recorded('sqs.SendMessage');
    expect(lost?.executed).toBeUndefined();
    expect(done?.executed).toBeGreaterThan(done?.arrived ?? Number.NaN);
    expect(refused?.executed).toBeUndefined();
  });

  it('with a condition meets only the calls of which it is true', async () => {
    const { aws, sqs, queueUrl } = await startQueue();
    const matching = ({ caller, input }: Call) => caller === 'test' && JSON.stringify(input).includes('"y"');
    aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, matching, fault: { kind: 'lose-request' } });
    await send(sqs, queueUrl);
    await expect(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'y' }))).rejects.toThrow();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'y' }));
  });
});

describe('a held call', () => {
  /** Holds the next SendMessage; tells how many messages there were while it was held. */
  async function holdOne(at: HoldMoment, goes: HeldCallGoes) {
    const { aws, sqs, queueUrl } = await startQueue();
    const whileHeld = new Promise<number>((resolve) => {
      const until = async (): Promise<HeldCallGoes> => {
        resolve(await waitingMessages(sqs, queueUrl));
        return goes;
      };
      aws.faults.add({ operation: 'sqs.SendMessage', nth: 1, fault: { kind: 'hold', at, until } });
    });
    const sent = send(sqs, queueUrl).then(
      () => 'answered',
      () => 'cut off',
    );
    return { whileHeld: await whileHeld, sent: await sent, after: await waitingMessages(sqs, queueUrl) };
  }

  it('at its arrival has done nothing yet, and goes on or away', async () => {
    expect(await holdOne('arrival', 'on')).toEqual({ whileHeld: 0, sent: 'answered', after: 1 });
    expect(await holdOne('arrival', 'away')).toEqual({ whileHeld: 0, sent: 'cut off', after: 0 });
  });

  it('at its execution has been done, and its answer is given or lost', async () => {
    expect(await holdOne('execution', 'on')).toEqual({ whileHeld: 1, sent: 'answered', after: 1 });
    expect(await holdOne('execution', 'away')).toEqual({ whileHeld: 1, sent: 'cut off', after: 1 });
  });

  it('at its answer has been answered before anything else happens', async () => {
    expect(await holdOne('answer', 'away')).toEqual({ whileHeld: 1, sent: 'answered', after: 1 });
  });
});

describe('a fault of S3', () => {
  async function startBucket() {
    const aws = await startAws();
    const s3 = s3Client(aws.url);
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    return { aws, s3, object: { Bucket: 'bucket', Key: 'k' } };
  }

  it('is an error in XML with its code', async () => {
    const { aws, s3, object } = await startBucket();
    const fault = { kind: 'error', name: 'SlowDown', message: 'Reduce your request rate <&>', status: 503 } as const;
    aws.faults.add({ operation: 's3.PutObject', fault });
    await expect(s3.send(new PutObjectCommand({ ...object, Body: 'x' }))).rejects.toMatchObject({
      name: 'SlowDown',
      message: 'Reduce your request rate <&>',
    });
    await expect(s3.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('truncates an object while it is read', async () => {
    const { aws, s3, object } = await startBucket();
    await s3.send(new PutObjectCommand({ ...object, Body: 'k'.repeat(100_000) }));
    aws.faults.add({ operation: 's3.GetObject', nth: 1, fault: { kind: 'truncate' } });
    const read = async () => (await s3.send(new GetObjectCommand(object))).Body?.transformToString();
    await expect(read()).rejects.toThrow('aborted');
    expect(await read()).toHaveLength(100_000);
  });

  it('loses an answer that has no body', async () => {
    const { aws, s3, object } = await startBucket();
    aws.faults.add({ operation: 's3.PutObject', nth: 1, fault: { kind: 'truncate' } });
    await expect(s3.send(new PutObjectCommand({ ...object, Body: 'x' }))).rejects.toThrow();
    await s3.send(new HeadObjectCommand(object));
  });
});
