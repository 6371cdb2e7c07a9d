import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateClusterCommand, DeleteClusterCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { readEnv } from '../../src/cli/env.ts';
import {
  AccountServices,
  ec2,
  ec2Error,
  json,
  jsonError,
  query,
  queryError,
  type WireAnswer,
} from '../fakes/account-services.ts';
import { type SignedClients, signedClients } from '../local/iam/signed-clients.ts';
import { Stage } from '../whole/stage.ts';
import { runInProcess } from './cli-in-process.ts';
import { localEnv } from './local-server.ts';

const ADA = 'arn:aws:iam::000000000000:user/ada';
const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly:7';
const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db';

const DEFINITION = `
networkMode: awsvpc
executionRoleArn: arn:aws:iam::000000000000:role/teams/execution
containerDefinitions:
  - name: flow
    logConfiguration:
      logDriver: awslogs
      options: { awslogs-group: /runs, awslogs-region: us-east-1, awslogs-stream-prefix: run }
`;
const FLOW = `
flow: nightly
version: "1"
runConfig:
  image: ${IMAGE}
  command: [run]
  secrets: { DB: "${SECRET}" }
`;

let stage: Stage;
let services: AccountServices;
let clients: SignedClients;

beforeAll(async () => {
  stage = await Stage.open({
    'agent.yaml': AGENT,
    'task-definition.yaml': DEFINITION,
    'flows/nightly.yaml': FLOW,
  });
  services = await AccountServices.open(stage.aws.url);
  clients = signedClients(stage.aws.url, 'test');
});
afterEach(() => stage.aws.faults.clear());
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await services.close();
  await stage.close();
});

const AGENT = `
table: slipway
bucket: s3://slipway
flows: ./flows
ecs:
  cluster: etl
  taskDefinition: ./task-definition.yaml
  network: { subnets: [subnet-a, subnet-b] }
limits: { concurrentRuns: 50 }
`;

/** What the doctor finds where a service answers like this. */
async function finding(check: string, operation: string, answer: WireAnswer): Promise<Finding | undefined> {
  services.answers[operation] = answer;
  return (await findings()).get(check);
}

async function findings(): Promise<ReadonlyMap<string, Finding>> {
  const env = readEnv({ ...localEnv(stage.aws), AWS_ENDPOINT_URL: services.url });
  const args = ['doctor', '--config', stage.configRef, '--queue-url', stage.queueUrl, '-o', 'json'];
  const { stdout } = await runInProcess(args, { env });
  const list: Finding[] = JSON.parse(stdout);
  return new Map(list.map((one) => [one.check, one]));
}

/** AWS's words, as far as they are the same for all services. */
function words(action: string, resource?: string): string {
  const on = resource === undefined ? '' : ` on resource: ${resource}`;
  return `User: ${ADA} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`;
}

/** A look that was not let near: the agent does not need it, so it is a warning, with the statement that lets it. */
function notAllowed(check: string, action: string, resource = '*'): Finding {
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  return {
    check,
    status: 'WARN',
    detail: `${ADA} may not ${action} on ${resource}`,
    fix: `add to the policy of ${ADA}: ${JSON.stringify(statement)}`,
    isAccess: true,
  };
}

/** Makes local AWS deny a call. */
function deny(operation: string, action: string, resource: string): void {
  const message = words(action, resource);
  stage.aws.faults.add({ operation, fault: { kind: 'error', name: 'AccessDeniedException', message, status: 400 } });
}

describe("slipway doctor's look at a role", () => {
  const check = 'role/teams/execution';
  const arn = `arn:aws:iam::000000000000:${check}`;
  const role = (service: string) => {
    const trust = JSON.stringify({ Statement: [{ Principal: { Service: service }, Action: 'sts:AssumeRole' }] });
    return query(
      'GetRole',
      `<Role><RoleName>execution</RoleName><AssumeRolePolicyDocument>${encodeURIComponent(trust)}</AssumeRolePolicyDocument></Role>`,
    );
  };

  it.each([
    ['OK', 'trusted by ecs-tasks', role('ecs-tasks.amazonaws.com')],
    ['NG', 'ECS may not take it on for tasks', role('ec2.amazonaws.com')],
    [
      'NG',
      'NoSuchEntityException: The role with name execution cannot be found.',
      queryError(404, 'NoSuchEntity', 'The role with name execution cannot be found.'),
    ],
  ])('is %s: %s', async (status, detail, answer) => {
    expect(await finding(check, 'GetRole', answer)).toMatchObject({ status, detail });
  });

  it('says who may not look', async () => {
    const answer = queryError(403, 'AccessDenied', words('iam:GetRole', arn));
    expect(await finding(check, 'GetRole', answer)).toEqual(notAllowed(check, 'iam:GetRole', arn));
  });
});

describe("slipway doctor's look at an image", () => {
  const check = `image ${IMAGE}`;
  const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/nightly';

  it.each([
    ['OK', 'sha256:abc', json({ imageDetails: [{ imageDigest: 'sha256:abc' }] })],
    ['NG', 'is not there', json({ imageDetails: [] })],
    ['NG', 'ImageNotFoundException: no such tag', jsonError('ImageNotFoundException', 'no such tag')],
    [
      'NG',
      'RepositoryNotFoundException: no such repository',
      jsonError('RepositoryNotFoundException', 'no such repository'),
    ],
  ])('is %s: %s', async (status, detail, answer) => {
    expect(await finding(check, 'DescribeImages', answer)).toMatchObject({ status, detail });
    expect(services.regions.DescribeImages).toBe('eu-west-1');
  });

  it('says who may not look', async () => {
    const answer = jsonError('AccessDeniedException', words('ecr:DescribeImages', repository));
    expect(await finding(check, 'DescribeImages', answer)).toEqual(notAllowed(check, 'ecr:DescribeImages', repository));
  });
});

describe("slipway doctor's look at subnets", () => {
  const subnets = (free: Readonly<Record<string, number>>) => {
    const items = Object.entries(free).map(
      ([id, count]) =>
        `<item><subnetId>${id}</subnetId><availableIpAddressCount>${count}</availableIpAddressCount></item>`,
    );
    return ec2('DescribeSubnets', `<subnetSet>${items.join('')}</subnetSet>`);
  };

  it.each([
    ['OK', 'subnet-a 0 free, subnet-b 12 free', subnets({ 'subnet-a': 0, 'subnet-b': 12 })],
    ['NG', 'subnet-a 0 free, subnet-b 0 free', subnets({ 'subnet-a': 0, 'subnet-b': 0 })],
    ['NG', 'there is no subnet-b', subnets({ 'subnet-a': 9 })],
    [
      'NG',
      'InvalidSubnetID.NotFound: there is no subnet-b',
      ec2Error(400, 'InvalidSubnetID.NotFound', 'there is no subnet-b'),
    ],
  ])('is %s: %s', async (status, detail, answer) => {
    expect(await finding('subnets', 'DescribeSubnets', answer)).toMatchObject({ status, detail });
  });

  it('says who may not look, though EC2 names no resource', async () => {
    const said = `You are not authorized to perform this operation. ${words('ec2:DescribeSubnets')}`;
    const answer = ec2Error(403, 'UnauthorizedOperation', said);
    expect(await finding('subnets', 'DescribeSubnets', answer)).toEqual(notAllowed('subnets', 'ec2:DescribeSubnets'));
  });
});

describe("slipway doctor's look at the quota of vCPUs", () => {
  const quota = (Value?: number) => json({ Quota: { QuotaCode: 'L-3032A538', Value } });

  it.each([
    ['OK', '4000 vCPU on Fargate at once; this agent may have 50 runs in flight', quota(4000)],
    ['WARN', '6 vCPU on Fargate at once; this agent may have 50 runs in flight', quota(6)],
    ['WARN', 'AWS does not tell it', quota()],
  ])('is %s: %s', async (status, detail, answer) => {
    expect(await finding('vCPU quota', 'GetServiceQuota', answer)).toMatchObject({ status, detail });
  });

  it('says who may not look', async () => {
    const arn = 'arn:aws:servicequotas:us-east-1:000000000000:fargate/L-3032A538';
    const answer = jsonError('AccessDeniedException', words('servicequotas:GetServiceQuota', arn));
    expect(await finding('vCPU quota', 'GetServiceQuota', answer)).toEqual(
      notAllowed('vCPU quota', 'servicequotas:GetServiceQuota', arn),
    );
  });
});

describe("slipway doctor's look at what local AWS has, too", () => {
  it('finds a secret, or that it is missing, or who may not look', async () => {
    const check = 'secret prod/db';
    expect((await findings()).get(check)).toMatchObject({
      status: 'NG',
      detail: expect.stringMatching(/^ResourceNotFoundException/),
      fix: 'make the secret, or mend its ARN',
    });
    await clients.secrets.send(new CreateSecretCommand({ Name: 'prod/db', SecretString: 'never read' }));
    expect((await findings()).get(check)).toMatchObject({ status: 'OK', detail: 'is there (its value was not read)' });
    deny('secretsmanager.DescribeSecret', 'secretsmanager:DescribeSecret', SECRET);
    expect((await findings()).get(check)).toEqual(notAllowed(check, 'secretsmanager:DescribeSecret', SECRET));
    expect(stage.aws.faults.counts().get('secretsmanager.GetSecretValue')).toBeUndefined();
  });

  it('finds a log group, or that it is missing, or who may not look', async () => {
    const check = 'log group /runs';
    expect((await findings()).get(check)).toMatchObject({
      status: 'NG',
      fix: 'aws logs create-log-group --log-group-name /runs',
    });
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/runs' }));
    expect((await findings()).get(check)).toMatchObject({ status: 'OK', detail: 'is there' });
    const all = 'arn:aws:logs:us-east-1:000000000000:log-group::log-stream:';
    deny('logs.DescribeLogGroups', 'logs:DescribeLogGroups', all);
    expect((await findings()).get(check)).toMatchObject({ status: 'WARN', isAccess: true });
  });

  it('finds a cluster, or that it is missing or inactive, or who may not look', async () => {
    const check = 'cluster etl';
    expect((await findings()).get(check)).toMatchObject({
      status: 'NG',
      detail: 'is not there',
      fix: 'aws ecs create-cluster --cluster-name etl',
    });
    await clients.ecs.send(new CreateClusterCommand({ clusterName: 'etl' }));
    expect((await findings()).get(check)).toMatchObject({ status: 'OK', detail: 'ACTIVE' });
    await clients.ecs.send(new DeleteClusterCommand({ cluster: 'etl' }));
    expect((await findings()).get(check)).toMatchObject({ status: 'NG', detail: 'INACTIVE' });
    const arn = 'arn:aws:ecs:us-east-1:000000000000:cluster/etl';
    deny('ecs.DescribeClusters', 'ecs:DescribeClusters', arn);
    expect((await findings()).get(check)).toEqual(notAllowed(check, 'ecs:DescribeClusters', arn));
  });
});
