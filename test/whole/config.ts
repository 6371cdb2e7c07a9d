import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** An agent.yaml that may be added to. */
export const AGENT_YAML = `
name: test-agent
table: slipway
bucket: s3://slipway
flows: ./flows
ecs:
  cluster: default
  taskDefinition: ./task-definition.yaml
  executionRoleArn: arn:aws:iam::123456789012:role/execution
  network: { subnets: [subnet-a] }
limits: { concurrentRuns: 1000, launchesPerSecond: 1000 }
housekeeping: { orphans: { enabled: false } }
`;

const TASK_DEFINITION = `
networkMode: awsvpc
containerDefinitions:
  - name: flow
    logConfiguration:
      logDriver: awslogs
      options: { awslogs-group: /runs, awslogs-region: us-east-1, awslogs-stream-prefix: run, awslogs-create-group: "true" }
`;

/** Flows of every kind, as files. */
const FLOWS: Readonly<Record<string, string>> = {
  'plain.yaml': `
flow: plain
version: "1"
runConfig: { image: busybox, command: [sh, -c, "echo it runs; sleep 0.1"] }
`,
  'fails.yaml': `
flow: fails
version: "1"
runConfig: { image: busybox, command: [sh, -c, "echo it fails; exit 3"] }
`,
  'sleeps.yaml': `
flow: sleeps
version: "1"
runConfig: { image: busybox, command: [sleep, "3"] }
`,
  'checked.yaml': `
flow: checked
version: "1"
parameters:
  type: object
  required: [name]
  properties: { name: { type: string } }
runConfig: { image: busybox, command: ["true"] }
`,
  'module.yaml': `
flow: module
version: "1"
artifact: ./module.mjs
runConfig: { image: slipway-worker }
`,
  'module.mjs': `
export default async function module({ parameters, log }) {
  log.info('greeting', { name: parameters.name });
  if (parameters.fail) throw new Error('it was told to fail');
  return { greeted: parameters.name };
}
`,
};

/** Writes a configuration with flows of every kind into a folder of its own; returns the path of agent.yaml. */
export function writeConfig(over: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-whole-'));
  const files = { 'agent.yaml': AGENT_YAML, 'task-definition.yaml': TASK_DEFINITION, ...prefixed(FLOWS), ...over };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, 'agent.yaml');
}

function prefixed(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`flows/${name}`, text]));
}
