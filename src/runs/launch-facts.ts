import { type Fault, formatFault } from '../core/fault.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import type { RunRequest } from '../core/run-request.ts';
import { child, textOf } from '../templates/config-node.ts';
import { planRun } from '../templates/plan-run.ts';
import type { Workspace } from '../templates/workspace.ts';
import { familyOf } from './task-family.ts';

/** What launches name, over all flows and environments: what roles must be allowed to touch. */
export interface LaunchFacts {
  readonly clusters: readonly string[];
  /** Families of task definitions that are registered or named. */
  readonly families: readonly string[];
  /** Roles that tasks are given: both that their programs have and that ECS starts them with. */
  readonly passedRoles: readonly string[];
  readonly images: readonly string[];
  readonly logGroups: readonly string[];
  /** Log groups in which the agent looks for messages of Dagster Pipes. */
  readonly pipesLogGroups: readonly string[];
  /** Log groups that ECS is to make. */
  readonly madeLogGroups: readonly string[];
  /** `valueFrom` of secrets. */
  readonly secrets: readonly string[];
  /** The tag of secrets that every task is given, whichever those are (`ecs.secretsTag`). */
  readonly secretsTag: string | undefined;
  readonly subnets: readonly string[];
  /** Flows that cannot be planned, and why: what only they need is missing above. */
  readonly problems: readonly string[];
}

/** Stands for the network of the agent's own task. */
const PREVIEW_SUBNET = 'subnet-preview';

/** Plans every flow in every environment, asking nobody, and collects what the plans name. */
export function launchFacts(workspace: Workspace): LaunchFacts {
  const environments = [undefined, ...Object.keys(workspace.agent.environments)];
  const planned = [...workspace.flows.keys()].flatMap((flow) =>
    environments.map((environment) => ({ flow, plan: planRun(workspace, inputOf(flow, environment)) })),
  );
  const plans = planned.flatMap(({ plan }) => (plan.ok ? [plan.value] : []));
  const problems = planned.flatMap(({ flow, plan }) => (plan.ok ? [] : [problemOf(flow, plan.error)]));
  const secretsTag = textOf(child(workspace.agent.document, 'ecs'), 'secretsTag');
  return { ...factsOf(plans), secretsTag, problems: unique(problems) };
}

/** Parameters that stand elsewhere are not looked at: a flow that needs some can be planned without. */
function inputOf(flow: string, environment: string | undefined) {
  const request: RunRequest = {
    flow,
    flowVersion: 'latest',
    org: 'default',
    ...(environment === undefined ? {} : { environment }),
    parameters: {},
    parametersS3Uri: 's3://preview/parameters.json',
    runConfig: {},
    labels: [],
    priority: 0,
    trigger: { source: 'slipway aws iam' },
    metadata: {},
  };
  const inheritedNetwork = { subnets: [PREVIEW_SUBNET], securityGroups: [] };
  const artifactS3Uri = 's3://preview/artifact';
  return { request, runId: 'preview', attempt: 1, placement: 0, inheritedNetwork, artifactS3Uri };
}

function problemOf(flow: string, faults: readonly Fault[]): string {
  return `flow ${flow}: ${faults.map(formatFault).join('; ')}`;
}

function factsOf(plans: readonly LaunchPlan[]): Omit<LaunchFacts, 'problems' | 'secretsTag'> {
  const definitions = plans.flatMap(({ definition }) => (definition.kind === 'register' ? [definition.input] : []));
  const containers = definitions.flatMap(({ containerDefinitions = [] }) => containerDefinitions);
  const logs = containers.flatMap(({ logConfiguration }) =>
    logConfiguration?.logDriver === 'awslogs' ? [logConfiguration.options ?? {}] : [],
  );
  const ofPipes = plans.flatMap(({ definition, pipes }) =>
    pipes !== undefined && definition.kind === 'register' ? (definition.input.containerDefinitions ?? []) : [],
  );
  const overrides = plans.map(({ runTask }) => runTask.overrides);
  return {
    clusters: unique(plans.map(({ runTask }) => runTask.cluster)),
    families: unique(
      plans.map(({ definition }) =>
        definition.kind === 'register' ? definition.family : familyOf(definition.taskDefinition),
      ),
    ),
    passedRoles: unique([...definitions, ...overrides].flatMap((said) => [said?.taskRoleArn, said?.executionRoleArn])),
    images: unique(containers.map(({ image }) => image)),
    logGroups: unique(logs.map((options) => options['awslogs-group'])),
    pipesLogGroups: unique(ofPipes.map(({ logConfiguration }) => logConfiguration?.options?.['awslogs-group'])),
    madeLogGroups: unique(
      logs.map((options) => (options['awslogs-create-group'] === 'true' ? options['awslogs-group'] : undefined)),
    ),
    subnets: unique(
      plans.flatMap(({ runTask }) => runTask.networkConfiguration?.awsvpcConfiguration?.subnets ?? []),
    ).filter((subnet) => subnet !== PREVIEW_SUBNET),
    secrets: unique(containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom }) => valueFrom))),
  };
}

function unique(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined))].sort();
}
