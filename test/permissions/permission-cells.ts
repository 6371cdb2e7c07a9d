import type { Statement } from '../../src/cli/policies/policy-document.ts';
import type { JudgedAccess } from '../../src/local/iam/access-gate.ts';
import { evaluatePolicies } from '../../src/local/iam/evaluate-policies.ts';
import { parsePolicy } from '../../src/local/iam/policy.ts';
import { type Policies, ROLES, type Role } from './printed-policies.ts';

/** One action of one statement of one role: what a cell of the matrix takes away. */
export interface Permission {
  readonly role: Role;
  readonly statement: Statement;
  readonly action: string;
}

/** Permissions whose absence cannot be told in a line, and why. */
export const NOT_TOLD: Readonly<Record<string, string>> = {
  'agent BuryBadRequests sqs:GetQueueAttributes':
    'only the banner of "slipway agent start" asks for it, and shows the denial as its own finding (test/whole/assume-role)',
  'execution PullImages ecr:BatchCheckLayerAvailability': 'local ECS runs programs of this machine and pulls no image',
  'execution PullImages ecr:GetDownloadUrlForLayer': 'local ECS runs programs of this machine and pulls no image',
  'execution PullImages ecr:BatchGetImage': 'local ECS runs programs of this machine and pulls no image',
  'execution LogInToRegistry ecr:GetAuthorizationToken': 'local ECS runs programs of this machine and pulls no image',
  'execution WriteLogs logs:PutLogEvents':
    'the log driver of ECS drops what it may not write and tells nobody: the run succeeds, and has no output',
};

export function permissionsOf(policies: Policies): readonly Permission[] {
  return ROLES.flatMap((role) =>
    policies[role].Statement.flatMap((statement) => statement.Action.map((action) => ({ role, statement, action }))),
  );
}

/** `agent Launch ecs:RunTask` */
export function nameOf({ role, statement, action }: Permission): string {
  return `${role} ${statement.Sid} ${action}`;
}

/** The policies without the one permission. */
export function without(policies: Policies, { role, statement, action }: Permission): Policies {
  const left = policies[role].Statement.map((one) =>
    one.Sid === statement.Sid ? { ...one, Action: one.Action.filter((name) => name !== action) } : one,
  );
  const Statement = left.filter(({ Action }) => Action.length > 0);
  return { ...policies, [role]: { ...policies[role], Statement } };
}

/** Whether something that was asked is what this permission allows. */
export function allows({ role, statement, action }: Permission, { principal, request }: JudgedAccess): boolean {
  const alone = parsePolicy({ Statement: [{ ...statement, Action: [action] }] });
  return principal.includes(`/slipway-${role}/`) && evaluatePolicies([alone], request) === 'allowed';
}
