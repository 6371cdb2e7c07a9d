import { agentTaskDefinition } from '../src/cli/install/agent-task-definition.ts';
import { supervisordConf } from '../src/cli/install/supervisord-conf.ts';

import { failurePages } from './failure-pages.ts';

/** A checkout of this repository, as supervisord.conf speaks of it. */
const HERE = {
  node: 'node',
  main: '%(here)s/dist/cli/main.js',
  config: '%(here)s/config/agent.yaml',
  folder: '%(here)s',
  logFolder: '%(here)s',
};

/** What only a checkout has to do first. */
const IN_A_CHECKOUT = `; For a checkout of Slipway. In its folder, once config/agent.yaml is yours, first:
;
;   npm ci && npm run build
;
`;

/** The account of examples. */
const AGENT_TASK = {
  image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/slipway-agent:latest',
  config: 's3://acme-slipway/agent.yaml',
  taskRoleArn: 'arn:aws:iam::123456789012:role/slipway-agent',
  executionRoleArn: 'arn:aws:iam::123456789012:role/slipway-execution',
  logGroup: '/slipway/agent',
  region: 'us-east-1',
};

/** Files of this repository that are printed by its own programs, by path: committed so that they can be read and used. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['supervisord.conf', IN_A_CHECKOUT + supervisordConf(HERE, { standalone: true })],
    ['deploy/agent-task-definition.json', `${JSON.stringify(agentTaskDefinition(AGENT_TASK), null, 2)}\n`],
    ...failurePages(),
  ]);
}
