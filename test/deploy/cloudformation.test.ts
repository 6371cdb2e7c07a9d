import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { AWS_CALLS } from '../../src/aws/aws-calls.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { agentTaskDefinition } from '../../src/cli/install/agent-task-definition.ts';
import { IAM_ACTIONS } from '../policies/iam-actions.ts';
import { stackPolicies, TEMPLATE } from './stack-policies.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Without the intrinsic functions, so that any YAML parser reads it. */
const template = load(readFileSync(TEMPLATE, 'utf8').replace(/!\w+(?: |$)/gm, '')) as {
  readonly Resources: Readonly<Record<string, Resource>>;
};

function propertiesOf(name: string): Readonly<Record<string, unknown>> {
  return template.Resources[name]?.Properties ?? {};
}

function actionsOf(role: string): readonly string[] {
  return stackPolicies(role).flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
}

const hasCfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

describe('deploy/slipway.yaml', () => {
  it.skipIf(!hasCfnLint)('is found good by cfn-lint', () => {
    expect(spawnSync('cfn-lint', [TEMPLATE], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('makes the very table that slipway setup makes', () => {
    const { KeySchema, GlobalSecondaryIndexes, AttributeDefinitions, BillingMode } = tableSchema('slipway');
    const made = propertiesOf('Table');
    expect(made).toMatchObject({ KeySchema, GlobalSecondaryIndexes, BillingMode });
    const byName = (a: { AttributeName?: string | undefined }, b: { AttributeName?: string | undefined }) =>
      String(a.AttributeName).localeCompare(String(b.AttributeName));
    expect([...(made.AttributeDefinitions as { AttributeName: string }[])].sort(byName)).toEqual(
      [...(AttributeDefinitions ?? [])].sort(byName),
    );
  });

  it.each([
    ['AgentRole', 'agent'],
    ['TaskRole', 'worker'],
  ] as const)('lets %s make every call of the %s', (role, by) => {
    const needed = AWS_CALLS.filter((call) => call.by.includes(by))
      // Only with "ecs.secretsTag", which the stack does not set: "slipway aws iam" prints it where it is used.
      .filter(({ service }) => service !== 'secretsmanager')
      .flatMap(({ service, operation }) => IAM_ACTIONS[`${service}:${operation}`] ?? [`${service}:${operation}`]);
    expect(needed.filter((action) => !actionsOf(role).includes(action))).toEqual([]);
  });

  it('runs the agent as slipway agent install ecs does', () => {
    const printed = agentTaskDefinition({
      image: 'AgentImage',
      config: 'ConfigUri',
      taskRoleArn: 'AgentRole.Arn',
      executionRoleArn: 'ExecutionRole.Arn',
      logGroup: 'AgentLogs',
      region: 'AWS::Region',
    });
    const { Family, ...made } = propertiesOf('AgentTask');
    const { family, ...wanted } = printed;
    expect([Family, family]).toEqual([expect.stringMatching(/^agent-of-/), expect.stringMatching(/^agent-of-/)]);
    expect(lowerKeys(made)).toEqual(wanted);
  });
});

/** CloudFormation writes ECS's keys with a capital letter; keys of log options are words of the driver. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, lowerKeys(inner)]),
  );
}
