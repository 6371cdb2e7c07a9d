import type { PolicyDocument } from '../../src/cli/policies/policy-document.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { ACCOUNT } from './demo-folder.ts';

export const ROLES = ['agent', 'task', 'execution'] as const;

export type Role = (typeof ROLES)[number];

export type Policies = Readonly<Record<Role, PolicyDocument>>;

/** What `slipway aws iam` prints for a configuration. */
export async function printedPolicies(configRef: string): Promise<Policies> {
  const place = ['--account', ACCOUNT, '--region', 'us-east-1'];
  const { stdout, stderr, exitCode } = await runInProcess(['aws', 'iam', '--config', configRef, ...place]);
  if (exitCode !== 0 || stderr !== '') throw new Error(`slipway aws iam ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The role's ARN, as the demo's task definition names it. */
export function roleArn(role: Role): string {
  return `arn:aws:iam::${ACCOUNT}:role/slipway-${role}`;
}
