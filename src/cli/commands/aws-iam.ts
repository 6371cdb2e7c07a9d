import { command } from '../command.ts';
import { CONFIG_FLAGS } from '../config-flags.ts';

export const awsIam = command({
  usage: 'iam',
  summary: 'Print the least permissions that the roles need, by your configuration; asks AWS nothing',
  places: {},
  flags: {
    role: { choices: ['agent', 'task', 'execution'], describe: 'Only the policy of this role' },
    trust: { choices: ['ec2', 'ecs-tasks'], describe: 'Print who may take on the role instead' },
    account: { type: 'string', describe: "Account id; the queue's otherwise" },
    ...CONFIG_FLAGS,
  },
  examples: [
    ['$0 aws iam --config agent.yaml --role agent', 'For aws iam put-role-policy --policy-document'],
    ['$0 aws iam --trust ec2', 'For aws iam create-role --assume-role-policy-document'],
  ],
  run: async (args, context) => {
    const { printPolicies } = await import('../print-policies.ts');
    await printPolicies(args, context);
    return undefined;
  },
});
