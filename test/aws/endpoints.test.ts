import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';

afterEach(() => vi.unstubAllEnvs());

class Caught extends Error {}

/** The host that a call would be sent to. */
async function hostFor(region: string): Promise<string> {
  const client = createSqsClient({ region });
  let host = '';
  client.middlewareStack.add(
    () =>
      async ({ request }) => {
        host = (request as { hostname: string }).hostname;
        throw new Caught();
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(new ListQueuesCommand({})).catch((error: unknown) => {
    if (!(error instanceof Caught)) throw error;
  });
  client.destroy();
  return host;
}

describe('where calls go', () => {
  it.each([
    ['eu-west-1', 'sqs.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'sqs.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'sqs.us-gov-west-1.amazonaws.com'],
  ])('in %s to %s', async (region, host) => {
    expect(await hostFor(region)).toBe(host);
  });

  it('goes to FIPS endpoints where AWS_USE_FIPS_ENDPOINT says so', async () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    expect(await hostFor('us-east-1')).toBe('sqs-fips.us-east-1.amazonaws.com');
  });

  it('goes to the endpoint that one service is given', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', 'https://vpce-0.sqs.us-east-1.vpce.amazonaws.com');
    expect(await hostFor('us-east-1')).toBe('vpce-0.sqs.us-east-1.vpce.amazonaws.com');
  });
});
