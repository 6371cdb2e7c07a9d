import { type AwsPlace, parseQueueUrl, partitionOf } from '../core/aws-place.ts';
import { formatFault } from '../core/fault.ts';
import { launchFacts } from '../runs/launch-facts.ts';
import type { AgentConfig } from '../templates/agent-config.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openWorkspace, type WorkspaceFlags } from './open-launch.ts';
import { agentPolicy } from './policies/agent-policy.ts';
import { executionPolicy } from './policies/execution-policy.ts';
import type { PolicyDocument } from './policies/policy-document.ts';
import { ownResources } from './policies/policy-place.ts';
import { taskPolicy } from './policies/task-policy.ts';
import { trustPolicy } from './policies/trust-policy.ts';
import { UserError } from './user-error.ts';

export interface PrintPoliciesFlags extends WorkspaceFlags {
  readonly role?: string | undefined;
  readonly trust?: string | undefined;
  readonly account?: string | undefined;
}

/** Prints the least that each role needs, by the configuration. Asks AWS nothing. */
export async function printPolicies(flags: PrintPoliciesFlags, context: CliContext): Promise<void> {
  const { terminal } = context;
  const { workspace } = await openWorkspace(flags, context);
  const place = placeOf(workspace.agent, flags, context);
  if (flags.trust !== undefined) {
    const service = flags.trust === 'ec2' ? 'ec2' : 'ecs-tasks';
    return terminal.data(JSON.stringify(trustPolicy(service, place), null, 2));
  }
  const facts = launchFacts(workspace);
  for (const fault of workspace.flowFaults) terminal.say(`left out: ${formatFault(fault)}`);
  for (const problem of facts.problems) terminal.say(`left out: ${problem}`);
  const own = ownResources(workspace, place);
  const policies: Readonly<Record<string, PolicyDocument>> = {
    agent: agentPolicy(workspace.agent, facts, own, place),
    task: taskPolicy(own),
    execution: executionPolicy(facts, place),
  };
  terminal.data(JSON.stringify(flags.role === undefined ? policies : policies[flags.role], null, 2));
}

/** Account and region as flags say, else as the first queue's URL says. */
function placeOf(agent: AgentConfig, flags: PrintPoliciesFlags, { env }: CliContext): AwsPlace {
  const queue = agent.queues.map(({ url }) => parseQueueUrl(url)).find((parsed) => parsed !== undefined);
  const account = flags.account ?? queue?.account;
  const region = flags.region ?? env.region ?? queue?.region;
  if (account === undefined || region === undefined) {
    throw new UserError('nobody says which account and region the policies are for', {
      exitCode: EXIT.config,
      next: 'give --account and --region, or an agent.yaml with the URL of the queue',
    });
  }
  return { partition: partitionOf(region), region, account };
}
