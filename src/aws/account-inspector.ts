import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { EcrImage } from '../core/ecr-image.ts';
import { type CallerIdentity, callerIdentity } from './caller-identity.ts';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { createDynamoDbClient } from './create-dynamodb-client.ts';
import { createEcsClient } from './create-ecs-client.ts';
import { createLogsClient } from './create-logs-client.ts';
import { createS3Client } from './create-s3-client.ts';
import { createSecretsClient } from './create-secrets-client.ts';
import { watchClock } from './watch-clock.ts';

/** Service Quotas: "Fargate On-Demand vCPU resource count". */
const FARGATE_VCPU = { ServiceCode: 'fargate', QuotaCode: 'L-3032A538' };

/** Looks at an account, and changes nothing. Every method rejects with what AWS says when it may not look. */
export class AccountInspector {
  readonly #options: AwsClientOptions;

  constructor(options: AwsClientOptions) {
    this.#options = options;
  }

  identity(): Promise<CallerIdentity> {
    return callerIdentity(this.#options);
  }

  /** Status and indexes of a table, and how far this machine's clock is ahead of AWS's. */
  async table(name: string, now: () => number) {
    const client = createDynamoDbClient(this.#options);
    const skew = watchClock(client, now);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '' }) => IndexName);
    return { status: Table?.TableStatus ?? 'unknown', indexes, skewMs: skew() };
  }

  /** Rejects if there is no such bucket, or if it may not be listed: the answer to HeadBucket has no body to say which. */
  async bucketExists(bucket: string): Promise<void> {
    await createS3Client(this.#options).send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
  }

  /** `ACTIVE` …; undefined if there is no such cluster. */
  async clusterStatus(cluster: string): Promise<string | undefined> {
    const command = new DescribeClustersCommand({ clusters: [cluster] });
    const { clusters = [] } = await createEcsClient(this.#options).send(command);
    return clusters[0]?.status;
  }

  async logGroupExists(name: string): Promise<boolean> {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name });
    const { logGroups = [] } = await createLogsClient(this.#options).send(command);
    return logGroups.some(({ logGroupName }) => logGroupName === name);
  }

  /** The services that may take on the role. */
  async trustOf(roleArn: string): Promise<readonly string[]> {
    const iam = new IAMClient(clientSettings(this.#options));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleArn.split('/').at(-1) }));
    const text = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    return [...text.matchAll(/(?<![a-z0-9-])([a-z0-9-]+)\.amazonaws\.com/g)].map(([, service = '']) => service);
  }

  /** The digest that the image's name stands for now. */
  async digestOf({ registry, region, repository, tag, digest }: EcrImage): Promise<string | undefined> {
    const ecr = new ECRClient(clientSettings({ ...this.#options, region }));
    const imageId = digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest };
    const command = new DescribeImagesCommand({
      registryId: registry,
      repositoryName: repository,
      imageIds: [imageId],
    });
    const { imageDetails = [] } = await ecr.send(command);
    return imageDetails[0]?.imageDigest;
  }

  /** Rejects if there is no such secret. Its value is not read. */
  async secretExists(arn: string): Promise<void> {
    await createSecretsClient(this.#options).send(new DescribeSecretCommand({ SecretId: arn }));
  }

  /** Free addresses of each subnet. */
  async freeAddresses(subnets: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const ec2 = new EC2Client(clientSettings(this.#options));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...subnets] }));
    return new Map(
      Subnets.map(({ SubnetId = '', AvailableIpAddressCount = 0 }) => [SubnetId, AvailableIpAddressCount]),
    );
  }

  /** vCPUs that may run on Fargate at once. */
  async fargateVcpus(): Promise<number | undefined> {
    const quotas = new ServiceQuotasClient(clientSettings(this.#options));
    const { Quota } = await quotas.send(new GetServiceQuotaCommand(FARGATE_VCPU));
    return Quota?.Value;
  }
}
