import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { createLogsClient } from '../../src/aws/create-logs-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { createSecretsClient } from '../../src/aws/create-secrets-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';

afterEach(() => vi.unstubAllEnvs());

class Caught extends Error {}

/** The hosts that one call of each service would be sent to. */
async function hostsIn(region: string): Promise<Readonly<Record<string, string>>> {
  const hosts: Record<string, string> = {};
  const catching = (service: string) => () => async (args: { request?: unknown }) => {
    hosts[service] = (args.request as { hostname: string }).hostname;
    throw new Caught();
  };
  const at = { step: 'finalizeRequest', priority: 'low' } as const;
  const { sqs, dynamodb, ecs, s3, logs, secrets } = {
    sqs: createSqsClient({ region }),
    dynamodb: createDynamoDbClient({ region }),
    ecs: createEcsClient({ region }),
    s3: createS3Client({ region }),
    logs: createLogsClient({ region }),
    secrets: createSecretsClient({ region }),
  };
  sqs.middlewareStack.add(catching('sqs'), at);
  dynamodb.middlewareStack.add(catching('dynamodb'), at);
  ecs.middlewareStack.add(catching('ecs'), at);
  s3.middlewareStack.add(catching('s3'), at);
  logs.middlewareStack.add(catching('logs'), at);
  secrets.middlewareStack.add(catching('secretsmanager'), at);
  const calls = [
    sqs.send(new ListQueuesCommand({})),
    dynamodb.send(new ListTablesCommand({})),
    ecs.send(new ListClustersCommand({})),
    s3.send(new HeadBucketCommand({ Bucket: 'files' })),
    logs.send(new DescribeLogGroupsCommand({})),
    secrets.send(new ListSecretsCommand({})),
  ];
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'rejected' && !(outcome.reason instanceof Caught)) throw outcome.reason;
  }
  return hosts;
}

describe('where calls go', () => {
  it.each([
    ['eu-west-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['us-iso-east-1', 'c2s.ic.gov'],
  ])('in %s to hosts of its partition', async (region, suffix) => {
    const hosts = await hostsIn(region);
    expect(hosts).toMatchObject({ sqs: `sqs.${region}.${suffix}`, s3: `files.s3.${region}.${suffix}` });
    expect(Object.keys(hosts)).toHaveLength(6);
    expect(Object.values(hosts).filter((host) => !host.endsWith(`.${region}.${suffix}`))).toEqual([]);
  });

  it('is to FIPS endpoints where AWS_USE_FIPS_ENDPOINT says so, for all services', async () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    expect(await hostsIn('us-east-1')).toEqual({
      sqs: 'sqs-fips.us-east-1.amazonaws.com',
      dynamodb: 'dynamodb-fips.us-east-1.amazonaws.com',
      ecs: 'ecs-fips.us-east-1.amazonaws.com',
      s3: 'files.s3-fips.us-east-1.amazonaws.com',
      logs: 'logs-fips.us-east-1.amazonaws.com',
      secretsmanager: 'secretsmanager-fips.us-east-1.amazonaws.com',
    });
  });

  it('is to the endpoint that one service is given, and for the others as ever', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', 'https://vpce-0.sqs.us-east-1.vpce.amazonaws.com');
    expect(await hostsIn('us-east-1')).toMatchObject({
      sqs: 'vpce-0.sqs.us-east-1.vpce.amazonaws.com',
      ecs: 'ecs.us-east-1.amazonaws.com',
    });
  });
});
