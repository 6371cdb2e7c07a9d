import { CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ListTasksCommand, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAccessDenied } from '../../../src/core/access-denied.ts';
import type { AccessSettings } from '../../../src/local/iam/access-gate.ts';
import { type LocalAws, startLocalAws } from '../../../src/local/start-local-aws.ts';
import { type SignedClients, signedClients } from './signed-clients.ts';

const ADA = 'arn:aws:iam::000000000000:user/ada';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alerts';
const ROLE = 'arn:aws:iam::000000000000:role/teams/reader';

let aws: LocalAws | undefined;
afterEach(() => aws?.stop());

async function start(access: AccessSettings): Promise<LocalAws> {
  aws = await startLocalAws({ access });
  return aws;
}

/** Local AWS in which `ada` may do what these statements say, and the clients of `ada` and of somebody who may do all. */
async function limited(...statements: readonly object[]): Promise<{ ada: SignedClients; root: SignedClients }> {
  const policies = [{ Version: '2012-10-17', Statement: statements }];
  const { url } = await start({ principals: [{ accessKeyId: 'ada', arn: ADA, policies }] });
  return { ada: signedClients(url, 'ada'), root: signedClients(url, 'root') };
}

async function refusal(call: Promise<unknown>): Promise<Error & { readonly $metadata?: { httpStatusCode?: number } }> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error) return error;
  throw new Error('it was allowed');
}

const allow = (Action: string | string[], Resource = '*', Condition = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});

const TABLE: CreateTableCommandInput = {
  TableName: 'runs',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'PK', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
};

describe('local AWS with limited permissions', () => {
  it('lets everybody do everything unless it is told otherwise', async () => {
    aws = await startLocalAws();
    const { sqs } = signedClients(aws.url, 'whoever');
    await expect(sqs.send(new CreateQueueCommand({ QueueName: 'q' }))).resolves.toBeDefined();
    expect(aws.judged()).toEqual([]);
  });

  it('names principal, action and resource, in the way of each service', async () => {
    const { ada } = await limited();
    const QueueUrl = 'http://127.0.0.1/000000000000/q';
    const calls: readonly [() => Promise<unknown>, name: string, status: number, words: string][] = [
      [
        () => ada.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
        'AccessDenied',
        403,
        'sqs:receivemessage on resource: arn:aws:sqs:us-east-1:000000000000:q',
      ],
      [
        () => ada.dynamodb.send(new GetItemCommand({ TableName: 'runs', Key: { PK: { S: 'a' } } })),
        'AccessDeniedException',
        400,
        'dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/runs',
      ],
      [() => ada.ecs.send(new ListTasksCommand({})), 'AccessDeniedException', 400, 'ecs:ListTasks on resource: *'],
      [
        () => ada.s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a b/ü' })),
        'AccessDenied',
        403,
        's3:GetObject on resource: "arn:aws:s3:::files/a b/ü"',
      ],
      [
        () => ada.logs.send(new GetLogEventsCommand({ logGroupName: '/runs', logStreamName: 's' })),
        'AccessDeniedException',
        400,
        'logs:GetLogEvents on resource: arn:aws:logs:us-east-1:000000000000:log-group:/runs:log-stream:s',
      ],
      [
        () => ada.secrets.send(new GetSecretValueCommand({ SecretId: 'db' })),
        'AccessDeniedException',
        400,
        'secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:000000000000:secret:db',
      ],
      [
        () => ada.sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'x' })),
        'AuthorizationErrorException',
        403,
        `sns:Publish on resource: ${TOPIC}`,
      ],
      [
        () => ada.sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'it' })),
        'AccessDenied',
        403,
        `sts:AssumeRole on resource: ${ROLE}`,
      ],
    ];
    for (const [call, name, status, words] of calls) {
      const error = await refusal(call());
      expect(error.name, error.message).toBe(name);
      expect(error.$metadata?.httpStatusCode).toBe(status);
      expect(error.message).toContain(`User: ${ADA} is not authorized to perform: ${words}`);
      expect(error.message).toMatch(/because no identity-based policy allows the [\w:]+ action$/);
      expect(parseAccessDenied(error.message)?.principal).toBe(ADA);
    }
  });

  it('says who has denied it on purpose', async () => {
    const { ada } = await limited(allow('*'), { Effect: 'Deny', Action: 'ecs:ListTasks', Resource: '*' });
    const { message } = await refusal(ada.ecs.send(new ListTasksCommand({})));
    expect(message).toMatch(/with an explicit deny in an identity-based policy$/);
  });

  it('executes nothing of a call that it refuses', async () => {
    const { ada, root } = await limited(allow('s3:GetObject'), allow('s3:ListBucket'));
    await root.s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    await refusal(ada.s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' })));
    const { name } = await refusal(ada.s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a' })));
    expect(name).toBe('NoSuchKey');
  });

  it('does not tell who may not list a bucket whether an object is there', async () => {
    const { ada, root } = await limited(allow('s3:GetObject'));
    await root.s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    const { name, message } = await refusal(ada.s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a' })));
    expect(name).toBe('AccessDenied');
    expect(message).toContain('s3:ListBucket on resource: "arn:aws:s3:::files"');
  });

  it('judges a batch by its single action', async () => {
    const { ada, root } = await limited(allow('sqs:DeleteMessage'));
    const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const Entries = [{ Id: '1', ReceiptHandle: 'no handle' }];
    await expect(ada.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).resolves.toHaveProperty('Failed');
  });

  it('judges a transaction by its parts, and keys by the table’s partition key', async () => {
    const ofRuns = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'RUN#*' } };
    const { ada, root } = await limited(allow('dynamodb:PutItem', '*', ofRuns));
    await root.dynamodb.send(new CreateTableCommand(TABLE));
    const put = (key: string) => ({ TableName: 'runs', Item: { PK: { S: key } } });
    await ada.dynamodb.send(new PutItemCommand(put('RUN#1')));
    expect((await refusal(ada.dynamodb.send(new PutItemCommand(put('SLOT#1'))))).message).toContain('dynamodb:PutItem');
    const transaction = (item: object) =>
      new TransactWriteItemsCommand({ TransactItems: [{ Put: put('RUN#2') }, item] });
    await ada.dynamodb.send(transaction({ Put: put('RUN#3') }));
    const Delete = { TableName: 'runs', Key: { PK: { S: 'RUN#3' } } };
    expect((await refusal(ada.dynamodb.send(transaction({ Delete })))).message).toContain('dynamodb:DeleteItem');
    expect((await refusal(ada.dynamodb.send(transaction({ Put: put('SLOT#1') })))).message).toContain(
      'dynamodb:PutItem',
    );
  });

  it('asks for the roles that a task is given, by the definition and by the overrides', async () => {
    const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
    const toTasks = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
    const { ada, root } = await limited(
      allow(['ecs:RunTask', 'ecs:RegisterTaskDefinition']),
      allow('iam:PassRole', role('etl'), toTasks),
    );
    const definition = (taskRoleArn: string) =>
      new RegisterTaskDefinitionCommand({
        family: 'etl',
        taskRoleArn,
        containerDefinitions: [{ name: 'flow', image: 'x', command: ['true'], memory: 128 }],
      });
    await ada.ecs.send(definition(role('etl')));
    const denied = `iam:PassRole on resource: ${role('admin')}`;
    expect((await refusal(ada.ecs.send(definition(role('admin'))))).message).toContain(denied);
    await root.ecs.send(definition(role('admin')));
    const run = { taskDefinition: 'etl', launchType: 'EC2' } as const;
    expect((await refusal(ada.ecs.send(new RunTaskCommand(run)))).message).toContain(denied);
    const overrides = { taskRoleArn: role('etl') };
    await expect(ada.ecs.send(new RunTaskCommand({ ...run, overrides }))).resolves.toHaveProperty('tasks');
  });

  it('asks for the right to tag only where there are tags', async () => {
    const { ada } = await limited(allow('ecs:RegisterTaskDefinition'));
    const definition = {
      family: 'etl',
      containerDefinitions: [{ name: 'flow', image: 'x', command: ['true'], memory: 128 }],
    };
    await ada.ecs.send(new RegisterTaskDefinitionCommand(definition));
    const tagged = new RegisterTaskDefinitionCommand({ ...definition, tags: [{ key: 'team', value: 'data' }] });
    expect((await refusal(ada.ecs.send(tagged))).message).toContain(
      'ecs:TagResource on resource: arn:aws:ecs:us-east-1:000000000000:task-definition/etl because',
    );
  });

  it('gives those who take on a role its permissions, and its name', async () => {
    const { url } = await start({ roles: { [ROLE]: [{ Statement: allow('logs:CreateLogGroup') }] } });
    const { sts } = signedClients(url, 'ada');
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'it' }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const taken = signedClients(url, AccessKeyId, { secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
    const { Arn } = await taken.sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::000000000000:assumed-role/reader/it');
    await taken.logs.send(new CreateLogGroupCommand({ logGroupName: '/runs' }));
    const { message } = await refusal(taken.ecs.send(new ListTasksCommand({})));
    expect(message).toContain(`User: ${Arn} is not authorized to perform: ecs:ListTasks`);
  });

  it('tells that credentials are over when they are', async () => {
    const { url } = await start({ sessionMs: 0 });
    const { Credentials } = await signedClients(url, 'ada').sts.send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'it' }),
    );
    const taken = signedClients(url, Credentials?.AccessKeyId ?? '');
    expect((await refusal(taken.ecs.send(new ListTasksCommand({})))).name).toBe('ExpiredTokenException');
    expect((await refusal(taken.s3.send(new CreateBucketCommand({ Bucket: 'files' })))).name).toBe('ExpiredToken');
    expect((await refusal(taken.sts.send(new GetCallerIdentityCommand({})))).name).toMatch(/^ExpiredToken/);
  });

  it('remembers what it was asked, each thing once', async () => {
    const { ada } = await limited(allow('ecs:ListTasks'));
    await ada.ecs.send(new ListTasksCommand({}));
    await ada.ecs.send(new ListTasksCommand({}));
    expect(aws?.judged()).toEqual([
      {
        principal: ADA,
        request: {
          action: 'ecs:ListTasks',
          resource: '*',
          context: { 'ecs:cluster': 'arn:aws:ecs:us-east-1:000000000000:cluster/default' },
        },
        decision: 'allowed',
      },
    ]);
  });
});
