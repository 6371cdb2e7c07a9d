import { command } from '../command.ts';

export const agentInstall = command({
  usage: 'install <manager>',
  summary: 'Print what keeps an agent running: for supervisord, systemd or ECS, with your paths; writes nothing',
  places: {
    manager: {
      type: 'string',
      choices: ['supervisord', 'systemd', 'ecs'],
      describe: 'What starts it',
      demandOption: true,
    },
  },
  flags: {
    config: {
      type: 'string',
      describe: 'agent.yaml, a path or s3:// address (SLIPWAY_CONFIG); ./agent.yaml otherwise',
    },
    user: { type: 'string', describe: 'Account that the agent runs as' },
    directory: { type: 'string', describe: 'Folder that it is started in; this one otherwise' },
    'log-dir': { type: 'string', describe: 'Folder of its log (supervisord)' },
    standalone: { type: 'boolean', default: false, describe: 'A whole supervisord.conf, for supervisord -c' },
    image: { type: 'string', describe: 'Image made by Dockerfile.agent (ecs)' },
    'task-role-arn': { type: 'string', describe: "The agent's own role (ecs)" },
    'execution-role-arn': { type: 'string', describe: 'Role that pulls its image and writes its log (ecs)' },
    'log-group': { type: 'string', default: '/slipway/agent', describe: 'Log group of the agent (ecs)' },
    region: { type: 'string', describe: 'AWS region that the agent works in (AWS_REGION)' },
  },
  examples: [
    [
      '$0 agent install supervisord --config /etc/slipway/agent.yaml --user slipway | sudo tee /etc/supervisor/conf.d/slipway.conf',
      'For the supervisor package of Debian and Ubuntu',
    ],
    ['$0 agent install systemd --user slipway | sudo tee /etc/systemd/system/slipway-agent.service', 'For systemd'],
    [
      '$0 agent install ecs --config s3://acme-slipway/agent.yaml --image … --task-role-arn … --execution-role-arn …',
      'A task definition, for aws ecs register-task-definition --cli-input-json file:///dev/stdin',
    ],
  ],
  run: async (args, context) => {
    const { installAgent } = await import('../install-agent.ts');
    installAgent(args, context);
    return undefined;
  },
});
