import type { AccessRequest } from './access-request.ts';
import { conditionsHold } from './conditions.ts';
import { isLike } from './like.ts';
import type { Named, Policy, PolicyStatement } from './policy.ts';

/** `unsaid` is a denial, too: nobody allows it. `denied` is one that a policy says. */
export type AccessDecision = 'allowed' | 'unsaid' | 'denied';

/** What identity-based policies of one account say (IAM User Guide, "Policy evaluation logic"): a denial wins. */
export function evaluatePolicies(policies: readonly Policy[], request: AccessRequest): AccessDecision {
  const fitting = policies.flat().filter((statement) => fits(statement, request));
  if (fitting.some(({ isDeny }) => isDeny)) return 'denied';
  return fitting.length > 0 ? 'allowed' : 'unsaid';
}

function fits({ actions, resources, conditions }: PolicyStatement, { action, resource, context = {} }: AccessRequest) {
  return (
    isNamed(actions, (pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    isNamed(resources, (pattern) => isLike(resource, pattern)) &&
    conditionsHold(conditions, context)
  );
}

function isNamed({ patterns, isOthers }: Named, isMeant: (pattern: string) => boolean): boolean {
  return patterns.some(isMeant) !== isOthers;
}
