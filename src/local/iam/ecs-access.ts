import { clusterNameOf, definitionReference } from '../ecs/arns.ts';
import { type Input, optionalStructure, optionalText, structureList, textList } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';
import { type Account, arnIn } from './account.ts';

/** What a definition says that matters for permissions. */
export interface DefinitionFacts {
  readonly family: string;
  readonly revision: number;
  readonly taskRoleArn?: string | undefined;
  readonly executionRoleArn?: string | undefined;
}

export interface DefinitionLookUp {
  /** By ARN, `family:revision` or `family`. */
  definitionNamed(reference: string): DefinitionFacts | undefined;
}

/** Whom `iam:PassRole` hands roles to. */
const TO_TASKS = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };

/** What a call of ECS asks for (Service Authorization Reference, Amazon ECS). */
export function ecsAccess(
  operation: string,
  input: Input,
  account: Account,
  definitions: DefinitionLookUp,
): readonly AccessRequest[] {
  const cluster = arnIn(account, 'ecs', `cluster/${clusterNameOf(optionalText(input, 'cluster'))}`);
  const context = { 'ecs:cluster': cluster };
  const action = `ecs:${operation}`;
  switch (operation) {
    case 'RunTask':
      return runTaskAccess(input, account, definitions, cluster);
    case 'RegisterTaskDefinition':
      return registerAccess(input, account);
    case 'DescribeTasks':
      return textList(input, 'tasks').map((task) => ({ action, resource: taskArn(task, cluster), context }));
    case 'StopTask':
      return [{ action, resource: taskArn(optionalText(input, 'task') ?? '*', cluster), context }];
    case 'ListTasks':
      // Only a container instance could be named; without one it is asked for everything, and the cluster is a condition.
      return [{ action, resource: optionalText(input, 'containerInstance') ?? '*', context }];
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [{ action, resource: optionalText(input, 'resourceArn') ?? '*' }];
    case 'DescribeClusters':
      return textList(input, 'clusters').map((name) => ({
        action,
        resource: arnIn(account, 'ecs', `cluster/${clusterNameOf(name)}`),
      }));
    case 'CreateCluster':
      return [
        { action, resource: arnIn(account, 'ecs', `cluster/${optionalText(input, 'clusterName') ?? 'default'}`) },
      ];
    case 'DeleteCluster':
    case 'PutClusterCapacityProviders':
      return [{ action, resource: cluster }];
    default:
      // The operations on task definitions that read, list or deregister take no resource.
      return [{ action, resource: '*' }];
  }
}

function runTaskAccess(
  input: Input,
  account: Account,
  definitions: DefinitionLookUp,
  cluster: string,
): readonly AccessRequest[] {
  const reference = optionalText(input, 'taskDefinition') ?? '';
  const found = definitions.definitionNamed(reference);
  const named = found ?? definitionReference(reference);
  const resource = arnIn(account, 'ecs', `task-definition/${named?.family ?? reference}:${named?.revision ?? '*'}`);
  const overrides = optionalStructure(input, 'overrides') ?? {};
  const roles = (['taskRoleArn', 'executionRoleArn'] as const).map(
    (role) => optionalText(overrides, role) ?? found?.[role],
  );
  return [
    { action: 'ecs:RunTask', resource, context: { 'ecs:cluster': cluster } },
    ...tagging(input, 'RunTask', `${cluster.replace(':cluster/', ':task/')}/*`),
    ...passing(roles),
  ];
}

function registerAccess(input: Input, account: Account): readonly AccessRequest[] {
  const definition = arnIn(account, 'ecs', `task-definition/${optionalText(input, 'family') ?? ''}`);
  const roles = [optionalText(input, 'taskRoleArn'), optionalText(input, 'executionRoleArn')];
  return [
    { action: 'ecs:RegisterTaskDefinition', resource: `${definition}:*` },
    // Reports of denials name the family here without a revision: there is none yet.
    ...tagging(input, 'RegisterTaskDefinition', definition),
    ...passing(roles),
  ];
}

/** Asked only where the request has tags, and then needed (ECS developer guide, "Grant permission to tag resources on creation"). */
function tagging(input: Input, by: string, resource: string): readonly AccessRequest[] {
  if (structureList(input, 'tags').length === 0) return [];
  return [{ action: 'ecs:TagResource', resource, context: { 'ecs:CreateAction': by } }];
}

function passing(roles: readonly (string | undefined)[]): readonly AccessRequest[] {
  const named = [...new Set(roles.filter((role) => role !== undefined && role !== ''))];
  return named.map((role) => ({ action: 'iam:PassRole', resource: role ?? '', context: TO_TASKS }));
}

function taskArn(idOrArn: string, cluster: string): string {
  return idOrArn.startsWith('arn:') ? idOrArn : `${cluster.replace(':cluster/', ':task/')}/${idOrArn}`;
}
