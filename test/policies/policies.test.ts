import { beforeAll, describe, expect, it } from 'vitest';
import { AWS_CALLS } from '../../src/aws/aws-calls.ts';
import type { PolicyDocument } from '../../src/cli/policies/policy-document.ts';
import type { AccessRequest } from '../../src/local/iam/access-request.ts';
import { evaluatePolicies } from '../../src/local/iam/evaluate-policies.ts';
import { parsePolicy } from '../../src/local/iam/policy.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { writeConfig } from '../whole/config.ts';
import { IAM_ACTIONS } from './iam-actions.ts';

const AGENT = `
table: runs
bucket: s3://acme-files/slipway
queues:
  - url: https://sqs.eu-west-1.amazonaws.com/111122223333/requests
  - url: https://sqs.eu-west-1.amazonaws.com/111122223333/urgent.fifo
events: { queueUrl: https://sqs.eu-west-1.amazonaws.com/111122223333/task-events }
flows: ./flows
ecs:
  cluster: etl
  taskDefinition: ./task-definition.yaml
  taskRoleArn: arn:aws:iam::111122223333:role/etl-task
  executionRoleArn: arn:aws:iam::111122223333:role/etl-execution
  network: { subnets: [subnet-a] }
  familyPrefix: etl
  secretsTag: slipway
notify: [{ to: sns, topic: 'arn:aws:sns:eu-west-1:111122223333:alerts' }]
environments:
  prod: { runConfig: { taskRoleArn: arn:aws:iam::111122223333:role/prod-task } }
`;

const FLOW = `
flow: nightly
version: "1"
parameters: { type: object, required: [day], properties: { day: { type: string } } }
runConfig:
  image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly:1
  command: [run]
  secrets:
    DB: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password::"
    KEY: /etl/key
`;

const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/runs';
const cluster = { 'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/etl' };
const elsewhere = { 'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/web' };
const definition = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/etl-nightly:7';
const foreign = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
const task = 'arn:aws:ecs:eu-west-1:111122223333:task/etl/0123';
const toTasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const queue = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const object = (key: string) => `arn:aws:s3:::acme-files/${key}`;
const leading = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });

type Case = [
  role: 'agent' | 'task' | 'execution',
  action: string,
  resource: string,
  context?: NonNullable<AccessRequest['context']>,
];

const ALLOWED: readonly Case[] = [
  ['agent', 'sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:alerts'],
  ['agent', 'ecs:RunTask', definition, cluster],
  ['agent', 'ecs:RegisterTaskDefinition', definition],
  ['agent', 'ecs:RegisterTaskDefinition', definition.replace(':7', ':*')],
  ['agent', 'ecs:TagResource', definition.replace(':7', ''), { 'ecs:CreateAction': 'RegisterTaskDefinition' }],
  ['agent', 'ecs:TagResource', definition, { 'ecs:CreateAction': 'RegisterTaskDefinition' }],
  ['agent', 'ecs:TagResource', task, { 'ecs:CreateAction': 'RunTask' }],
  ['agent', 'ecs:DescribeTasks', task, cluster],
  ['agent', 'ecs:StopTask', task, cluster],
  ['agent', 'ecs:ListTasks', '*', cluster],
  ['agent', 'iam:PassRole', role('etl-task'), toTasks],
  ['agent', 'iam:PassRole', role('etl-execution'), toTasks],
  ['agent', 'iam:PassRole', role('prod-task'), toTasks],
  ['agent', 'sqs:ReceiveMessage', queue('requests')],
  ['agent', 'sqs:ReceiveMessage', queue('urgent.fifo')],
  ['agent', 'sqs:DeleteMessage', queue('task-events')],
  ['agent', 'sqs:ChangeMessageVisibility', queue('requests')],
  ['agent', 'sqs:SendMessage', queue('requests-dlq')],
  ['agent', 'sqs:GetQueueAttributes', queue('requests-dlq')],
  ['agent', 'sqs:SendMessage', queue('urgent-dlq.fifo')],
  ['agent', 'dynamodb:PutItem', table],
  ['agent', 'dynamodb:UpdateItem', table],
  ['agent', 'dynamodb:ConditionCheckItem', table],
  ['agent', 'dynamodb:Query', `${table}/index/queued`],
  ['agent', 's3:PutObject', object('slipway/accepted/run/1.json')],
  ['agent', 's3:GetObject', object('slipway/artifacts/a.mjs')],
  ['agent', 's3:ListBucket', 'arn:aws:s3:::acme-files'],
  ['agent', 'secretsmanager:ListSecrets', '*'],
  ['task', 'dynamodb:PutItem', table, leading('RUN#7')],
  ['task', 'dynamodb:GetItem', table, leading('RUN#7')],
  ['task', 's3:GetObject', object('slipway/artifacts/nightly/a.zip')],
  ['task', 's3:PutObject', object('slipway/results/run/1.json')],
  ['task', 's3:PutObject', object('slipway/storage/run/step/output.json')],
  ['task', 's3:GetObject', object('slipway/storage/run/step/output.json')],
  ['task', 's3:PutObject', object('slipway/reports/run/1/1.json')],
  ['task', 'dynamodb:BatchWriteItem', table, leading('RUN#7')],
  ['execution', 'ecr:GetAuthorizationToken', '*'],
  ['execution', 'ecr:BatchGetImage', 'arn:aws:ecr:eu-west-1:111122223333:repository/team/nightly'],
  ['execution', 'logs:PutLogEvents', 'arn:aws:logs:eu-west-1:111122223333:log-group:/runs:log-stream:run/flow/1'],
  ['execution', 'logs:CreateLogGroup', 'arn:aws:logs:eu-west-1:111122223333:log-group:/runs'],
  ['execution', 'logs:CreateLogGroup', 'arn:aws:logs:eu-west-1:111122223333:log-group:/runs:log-stream:'],
  ['execution', 'secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf'],
  [
    'execution',
    'secretsmanager:GetSecretValue',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tagged-AbCdEf',
    { 'secretsmanager:ResourceTag/slipway': '' },
  ],
  ['execution', 'ssm:GetParameters', 'arn:aws:ssm:eu-west-1:111122223333:parameter/etl/key'],
];

const DENIED: readonly Case[] = [
  ['agent', 'sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:others'],
  ['agent', 'ecs:RunTask', definition, elsewhere],
  ['agent', 'ecs:RunTask', definition],
  ['agent', 'ecs:RunTask', foreign, cluster],
  ['agent', 'ecs:RunTask', definition.replace('111122223333', '999999999999'), cluster],
  ['agent', 'ecs:RegisterTaskDefinition', foreign],
  ['agent', 'ecs:DeregisterTaskDefinition', definition],
  ['agent', 'ecs:TagResource', definition],
  ['agent', 'ecs:TagResource', definition, { 'ecs:CreateAction': 'CreateService' }],
  ['agent', 'ecs:StopTask', task.replace('/etl/', '/web/'), elsewhere],
  ['agent', 'ecs:ListTasks', '*', elsewhere],
  ['agent', 'ecs:ExecuteCommand', task, cluster],
  ['agent', 'ecs:UpdateService', 'arn:aws:ecs:eu-west-1:111122223333:service/etl/web', cluster],
  ['agent', 'iam:PassRole', role('admin'), toTasks],
  ['agent', 'iam:PassRole', role('etl-task'), { 'iam:PassedToService': 'ec2.amazonaws.com' }],
  ['agent', 'iam:PassRole', role('etl-task')],
  ['agent', 'iam:PassRole', role('etl-task-2'), toTasks],
  ['agent', 'sqs:SendMessage', queue('requests')],
  ['agent', 'sqs:ReceiveMessage', queue('others')],
  ['agent', 'sqs:DeleteQueue', queue('requests')],
  ['agent', 'sqs:PurgeQueue', queue('requests')],
  ['agent', 'dynamodb:PutItem', `${table}2`],
  ['agent', 'dynamodb:Scan', table],
  ['agent', 'dynamodb:DeleteTable', table],
  ['agent', 's3:GetObject', object('payroll/2026.csv')],
  ['agent', 's3:PutObject', object('slipway2/x')],
  ['agent', 's3:DeleteObject', object('slipway/artifacts/a.mjs')],
  ['agent', 'secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf'],
  ['agent', 'ec2:DescribeNetworkInterfaces', '*'],
  ['task', 'dynamodb:PutItem', table, leading('SLOT#nightly')],
  ['task', 'dynamodb:PutItem', table, leading('RUN#7', 'DEFINITION#1')],
  ['task', 'dynamodb:DeleteItem', table, leading('RUN#7')],
  ['task', 'dynamodb:Query', `${table}/index/queued`],
  ['task', 'sqs:SendMessage', queue('requests')],
  ['task', 'ecs:RunTask', definition, cluster],
  ['task', 's3:PutObject', object('slipway/artifacts/nightly/a.zip')],
  ['execution', 'ecr:BatchGetImage', 'arn:aws:ecr:eu-west-1:111122223333:repository/other'],
  ['execution', 'ecr:PutImage', 'arn:aws:ecr:eu-west-1:111122223333:repository/team/nightly'],
  [
    'execution',
    'secretsmanager:GetSecretValue',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/dbx-AbCdEf',
  ],
  [
    'execution',
    'secretsmanager:GetSecretValue',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tagged-AbCdEf',
    { 'secretsmanager:ResourceTag/other': 'slipway' },
  ],
  ['execution', 'ssm:GetParameters', 'arn:aws:ssm:eu-west-1:111122223333:parameter/etl/key2'],
  ['execution', 'logs:PutLogEvents', 'arn:aws:logs:eu-west-1:111122223333:log-group:/runs-of-others:log-stream:1'],
];

function isAllowed(policy: PolicyDocument, request: AccessRequest): boolean {
  return evaluatePolicies([parsePolicy(policy)], request) === 'allowed';
}

let policies: Readonly<Record<'agent' | 'task' | 'execution', PolicyDocument>>;

async function policiesOf(agent: string, flow = FLOW, more: readonly string[] = []): Promise<typeof policies> {
  const config = writeConfig({ 'agent.yaml': agent, 'flows/nightly.yaml': flow });
  const { stdout, stderr, exitCode } = await runInProcess(['aws', 'iam', '--config', config, ...more]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  policies = await policiesOf(AGENT);
});

describe('the printed policies', () => {
  it.each(ALLOWED)('allow %s: %s on %s', (...[name, action, resource, context = {}]: Case) => {
    expect(isAllowed(policies[name], { action, resource, context })).toBe(true);
  });

  it.each(DENIED)('do not allow %s: %s on %s', (...[name, action, resource, context = {}]: Case) => {
    expect(isAllowed(policies[name], { action, resource, context })).toBe(false);
  });

  it.each(['agent', 'task'] as const)('let the %s make every call that it is listed with', async (name) => {
    const all = await policiesOf(
      `${AGENT.trimEnd()}\nhousekeeping: { definitions: {}, retention: { days: 90 } }\n`.replace(
        '  secretsTag: slipway',
        '  secretsTag: slipway\n  inherit: current-task',
      ),
      `${FLOW}pipes: logs\n`,
    );
    const by = name === 'task' ? 'worker' : 'agent';
    const actions = AWS_CALLS.filter((call) => call.by.includes(by)).flatMap(({ service, operation }) => {
      const call = `${service}:${operation}`;
      return IAM_ACTIONS[call] ?? [call];
    });
    const given = new Set(all[name].Statement.flatMap(({ Action }) => Action));
    expect(actions.filter((action) => !given.has(action))).toEqual([]);
  });

  it('name a resource wherever an action takes one', () => {
    const unnamed = Object.values(policies).flatMap(({ Statement }) =>
      Statement.filter(({ Resource = [] }) => Resource.includes('*')).flatMap(({ Action }) => Action),
    );
    expect(unnamed.sort()).toEqual(['ecr:GetAuthorizationToken', 'ecs:ListTasks', 'secretsmanager:ListSecrets']);
  });

  it.each([
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ])('in %s name nothing outside of %s', async (region, partition, suffix) => {
    const moved = (text: string) => text.replaceAll('eu-west-1', region).replaceAll('arn:aws:', `arn:${partition}:`);
    const { agent, task, execution } = await policiesOf(
      moved(AGENT).replaceAll('amazonaws.com', suffix),
      moved(FLOW).replaceAll('amazonaws.com', suffix),
      ['--region', region],
    );
    const arns = [agent, task, execution].flatMap(({ Statement }) =>
      Statement.flatMap(({ Resource = [] }) => Resource),
    );
    const named = arns.filter((arn) => arn !== '*');
    expect(named.filter((arn) => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
    expect(named).toContain(`arn:${partition}:ecr:${region}:111122223333:repository/team/nightly`);
    expect(named).toContain(`arn:${partition}:sqs:${region}:111122223333:requests`);
    expect(agent.Statement.find(({ Sid }) => Sid === 'Launch')?.Condition).toEqual({
      ArnEquals: { 'ecs:cluster': [`arn:${partition}:ecs:${region}:111122223333:cluster/etl`] },
    });
  });

  it.each([
    ['us-east-1', 'ec2.amazonaws.com'],
    ['us-gov-west-1', 'ec2.amazonaws.com'],
    ['cn-north-1', 'ec2.amazonaws.com.cn'],
  ])('are trusted to instances in %s by the name of EC2 there', async (region, service) => {
    const config = writeConfig({ 'agent.yaml': AGENT });
    const { stdout } = await runInProcess(['aws', 'iam', '--config', config, '--trust', 'ec2', '--region', region]);
    expect(JSON.parse(stdout).Statement[0]).toMatchObject({ Principal: { Service: service } });
  });

  it('let nobody but this account’s tasks take on the roles', async () => {
    const config = writeConfig({ 'agent.yaml': AGENT });
    const { stdout } = await runInProcess(['aws', 'iam', '--config', config, '--trust', 'ecs-tasks']);
    expect(JSON.parse(stdout).Statement[0]).toMatchObject({
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
  });
});
