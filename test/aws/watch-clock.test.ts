import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { watchClock } from '../../src/aws/watch-clock.ts';
import { assertClockSkew, ClockSkewError } from '../../src/core/schedules/clock-skew.ts';

const NOW = Date.UTC(2026, 9, 1, 12);

let server: Server;
let date = '';

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', date });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

async function skewOf(serverTime: number): Promise<number | undefined> {
  date = new Date(serverTime).toUTCString();
  const { port } = server.address() as AddressInfo;
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` });
  try {
    const skewMs = watchClock(client, () => NOW);
    expect(skewMs()).toBeUndefined();
    await client.send(new GetItemCommand({ TableName: 'slipway', Key: { PK: { S: 'a' }, SK: { S: 'b' } } }));
    return skewMs();
  } finally {
    client.destroy();
  }
}

describe('the watch over the clock', () => {
  it('compares it with the Date of an answer', async () => {
    expect(await skewOf(NOW - 45_000)).toBe(44_500);
    expect(await skewOf(NOW + 120_000)).toBe(-120_500);
  });

  it('has schedules stand still above half a minute, either way, and says what to do', async () => {
    const skew = (ms: number | undefined) => () => assertClockSkew(ms);
    for (const ms of [undefined, 0, 29_000, -29_000]) expect(skew(ms)).not.toThrow();
    for (const ms of [31_000, -31_000]) expect(skew(ms)).toThrow(ClockSkewError);
    expect(skew(-45_000)).toThrow(/45 s behind AWS's .* no schedule fires until it is right; see to chrony/);
  });
});
