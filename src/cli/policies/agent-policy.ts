import { type AwsPlace, arnOf } from '../../core/aws-place.ts';
import type { LaunchFacts } from '../../runs/launch-facts.ts';
import type { AgentConfig } from '../../templates/agent-config.ts';
import { child, textOf } from '../../templates/config-node.ts';
import { inheritOf } from '../../templates/parts-of.ts';
import { type PolicyDocument, policyOf, type Statement } from './policy-document.ts';
import { clusterArn, type OwnResources, objectsOf } from './policy-place.ts';

/**
 * What the agent may do, by the calls it makes and the things that the configuration names. Actions, resource types and
 * condition keys: Service Authorization Reference, of each service. `*` stands only where an action takes no resource.
 */
export function agentPolicy(
  agent: AgentConfig,
  facts: LaunchFacts,
  own: OwnResources,
  place: AwsPlace,
): PolicyDocument {
  return policyOf([
    ...taskStatements(agent, facts, place),
    ...queueStatements(own),
    {
      Sid: 'Record',
      Effect: 'Allow',
      // A transaction is allowed by the actions of its parts.
      Action: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'Query'].map(
        (name) => `dynamodb:${name}`,
      ),
      Resource: [own.table, `${own.table}/index/*`],
    },
    ...fileStatements(own),
    ...batchStatements(agent, facts, own),
    ...outputStatements(facts, place),
    ...surroundingStatements(agent),
    ...housekeepingStatements(agent),
    ...noticeStatements(agent),
  ]);
}

function taskStatements(agent: AgentConfig, facts: LaunchFacts, place: AwsPlace): readonly Statement[] {
  const clusters = facts.clusters.map((cluster) => clusterArn(cluster, place));
  const definitions = definitionArns(agent, facts, place);
  const tasks = clusters.map((cluster) => `${cluster.replace(':cluster/', ':task/')}/*`);
  const onCluster = { ArnEquals: { 'ecs:cluster': clusters } };
  const creating = { StringEquals: { 'ecs:CreateAction': ['RunTask', 'RegisterTaskDefinition'] } };
  return [
    { Sid: 'Launch', Effect: 'Allow', Action: ['ecs:RunTask'], Resource: definitions, Condition: onCluster },
    { Sid: 'Register', Effect: 'Allow', Action: ['ecs:RegisterTaskDefinition'], Resource: definitions },
    {
      Sid: 'TagWhatIsMade',
      Effect: 'Allow',
      Action: ['ecs:TagResource'],
      Resource: [...definitions, ...tasks],
      Condition: creating,
    },
    {
      Sid: 'PassRolesToTasks',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: facts.passedRoles,
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
    {
      Sid: 'WatchAndStop',
      Effect: 'Allow',
      Action: ['ecs:DescribeTasks', 'ecs:StopTask'],
      Resource: tasks,
      Condition: onCluster,
    },
    // ListTasks names a container instance at the most: the cluster is a condition.
    { Sid: 'FindTasks', Effect: 'Allow', Action: ['ecs:ListTasks'], Resource: ['*'], Condition: onCluster },
  ];
}

/**
 * Families with the agent's prefix, and those that flows name themselves. AWS asks for a revision where one is meant, and for
 * the family alone where there is none yet: when a definition is registered, and tagged as it is.
 */
function definitionArns({ ecs }: AgentConfig, { families }: LaunchFacts, place: AwsPlace): readonly string[] {
  const prefix = `${ecs.familyPrefix ?? 'slipway'}-`;
  const others = families.filter((family) => !family.startsWith(prefix));
  const names = [`${prefix}*`, ...others.flatMap((family) => [family, `${family}:*`])];
  return names.map((name) => arnOf(place, 'ecs', `task-definition/${name}`));
}

function queueStatements({ queues, eventQueues, deadLetterQueues }: OwnResources): readonly Statement[] {
  return [
    {
      Sid: 'TakeRequests',
      Effect: 'Allow',
      Action: ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'].map(
        (name) => `sqs:${name}`,
      ),
      Resource: [...queues, ...eventQueues],
    },
    {
      Sid: 'BuryBadRequests',
      Effect: 'Allow',
      Action: ['sqs:GetQueueUrl', 'sqs:SendMessage', 'sqs:GetQueueAttributes'],
      Resource: deadLetterQueues,
    },
  ];
}

function fileStatements({ bucket, flows, sources }: OwnResources): readonly Statement[] {
  const places = [bucket, flows].filter((place) => place !== undefined);
  const folders = [...new Set(places.map(objectsOf))];
  const others = sources.filter((source) => !folders.some((folder) => source.startsWith(folder.slice(0, -1))));
  const buckets = [...places.map(({ arn }) => arn), ...others.map((source) => source.replace(/\/.*/, ''))];
  return [
    { Sid: 'ReadFiles', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [...folders, ...others] },
    {
      Sid: 'KeepFiles',
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: bucket === undefined ? [] : [objectsOf(bucket)],
    },
    // Without it a file that is not there looks like one that is denied (API GetObject).
    { Sid: 'FindFiles', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [...new Set(buckets)] },
  ];
}

/** For flows with `pipes: logs`; the definition tells where a container's output is, and takes no resource. */
function outputStatements({ pipesLogGroups }: LaunchFacts, place: AwsPlace): readonly Statement[] {
  if (pipesLogGroups.length === 0) return [];
  const streams = pipesLogGroups.map((group) => arnOf(place, 'logs', `log-group:${group}:log-stream:*`));
  return [
    { Sid: 'FindOutput', Effect: 'Allow', Action: ['ecs:DescribeTaskDefinition'], Resource: ['*'] },
    { Sid: 'ReadOutput', Effect: 'Allow', Action: ['logs:GetLogEvents'], Resource: streams },
  ];
}

/** The chores that agent.yaml switches on. What deregisters and lists takes no resource. */
function housekeepingStatements({ housekeeping: { definitions } }: AgentConfig): readonly Statement[] {
  const prune = ['ListTaskDefinitionFamilies', 'ListTaskDefinitions', 'DeregisterTaskDefinition'];
  if (definitions === undefined) return [];
  return [{ Sid: 'PruneDefinitions', Effect: 'Allow', Action: prune.map((name) => `ecs:${name}`), Resource: ['*'] }];
}

/** Reports of `pipes: logs`, and old runs that go, are written many at a time. */
function batchStatements(
  { housekeeping: { retention } }: AgentConfig,
  { pipesLogGroups }: LaunchFacts,
  { table }: OwnResources,
): readonly Statement[] {
  if (retention === undefined && pipesLogGroups.length === 0) return [];
  return [{ Sid: 'RecordMany', Effect: 'Allow', Action: ['dynamodb:BatchWriteItem'], Resource: [table] }];
}

function noticeStatements({ notify }: AgentConfig): readonly Statement[] {
  const topics = notify.flatMap((sink) => (sink.to === 'sns' ? [sink.topic] : []));
  if (topics.length === 0) return [];
  return [{ Sid: 'TellOfEnds', Effect: 'Allow', Action: ['sns:Publish'], Resource: [...new Set(topics)] }];
}

/** What agent.yaml has the agent find out by itself: neither call takes a resource. */
function surroundingStatements({ document }: AgentConfig): readonly Statement[] {
  const ecs = child(document, 'ecs');
  return [
    ...(textOf(ecs, 'secretsTag') === undefined
      ? []
      : [
          {
            Sid: 'FindSecretsByTag',
            Effect: 'Allow',
            Action: ['secretsmanager:ListSecrets'],
            Resource: ['*'],
          } as const,
        ]),
    ...(inheritOf(ecs) === undefined
      ? []
      : [
          {
            Sid: 'FindOwnNetwork',
            Effect: 'Allow',
            Action: ['ec2:DescribeNetworkInterfaces'],
            Resource: ['*'],
          } as const,
        ]),
  ];
}
